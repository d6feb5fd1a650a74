import type { StakeParams } from 'cocoon-wrappers';
import type { Note } from '../notes';
import type { Surroundings } from './surroundings';

const MAX_HELD_TERMS = 4;

/** The terms that a node holds, by hash, and what their strictest asks for. */
export class Adoption {
    /** When they were dropped; 0 for those that are served. */
    readonly held = new Map<bigint, number>();
    /** Asked for, not yet confirmed. */
    wanted = 0n;
    wantedRelease = 0n;
    version = 1;
    reserve = 0n;
    unbondingPeriod = 0;
    retention = 0;

    constructor(first: bigint, around: Pick<Surroundings, 'termsOf'>) {
        this.held.set(first, 0);
        this.strictest(around);
    }

    serves(termsHash: bigint): boolean {
        return this.held.get(termsHash) === 0;
    }

    /** The owner asks; places of terms that nobody can accuse under any more are free again. */
    ask(termsHash: bigint, around: Surroundings): boolean {
        const lasting = [...this.held].filter(([, at]) => at === 0 || at + this.retention >= around.now);
        if (lasting.some(([hash]) => hash === termsHash) || lasting.length >= MAX_HELD_TERMS) return false;
        this.held.clear();
        for (const [hash, at] of lasting) this.held.set(hash, at);
        this.wanted = termsHash;
        this.strictest(around);
        return true;
    }

    confirmed(termsHash: bigint, around: Surroundings): void {
        if (this.wanted !== termsHash || this.held.size >= MAX_HELD_TERMS) return;
        this.wanted = 0n;
        this.held.set(termsHash, 0);
        this.strictest(around);
    }

    drop(termsHash: bigint, now: number): boolean {
        const served = [...this.held.values()].filter((at) => at === 0).length;
        if (!this.serves(termsHash) || served < 2) return false;
        this.held.set(termsHash, now);
        return true;
    }

    released({ release }: Extract<Note, { kind: 'releaseConfirmed' }>): void {
        if (this.wantedRelease !== release.hash) return;
        if (release.version > this.version && release.migration !== 'fails') this.version = release.version;
        else this.wantedRelease = 0n;
    }

    forget(): void {
        this.wanted = 0n;
        this.wantedRelease = 0n;
    }

    private strictest(around: Pick<Surroundings, 'termsOf'>): void {
        const all = [...this.held.keys()].map((hash) => around.termsOf(hash).stakeParams);
        const highest = (of: (params: StakeParams) => number) => Math.max(...all.map(of));
        this.reserve = all.reduce((max, { reserve }) => (reserve > max ? reserve : max), 0n);
        this.unbondingPeriod = highest((params) => params.unbondingPeriod);
        this.retention = highest((params) => params.evidenceWindow + params.longestDispute);
    }
}
