import type { Address } from '@ton/core';
import { toNano } from '@ton/core';
import { DAY } from '../../helpers/terms';
import type { Flight } from '../chain';
import { governor, guardian } from '../network';
import type { Note, ProposalNote, ReleaseNote } from '../notes';
import { accepted, excessTo, REFUSED, type Verdict } from '../verdict';
import { AMPLE, type Surroundings } from './surroundings';

const MAX_PAUSE = 7 * DAY;
const PAUSE_COOLDOWN = 30 * DAY;
const MAX_PROPOSALS = 8;
const PROPOSAL_LIFE = 30 * DAY;

export interface Birth {
    index: number;
    owner: Address;
    at: number;
    version: number;
    note: Extract<Note, { kind: 'register' }>;
}

/** Who may register and govern, and what owners may adopt. */
export class RegistryModel {
    readonly births = new Map<string, Birth>();
    readonly proposals = new Map<number, { proposal: ProposalNote; executableAt: number }>();
    nextProposal = 0;
    readonly executedTerms: Set<bigint>;
    private pausedUntil = 0;
    private nextPauseAt = 0;

    constructor(
        public nodeCount: number,
        public termsHash: bigint,
        public release: ReleaseNote,
        private readonly timelock: number,
    ) {
        this.executedTerms = new Set([termsHash]);
    }

    receive({ note, from, value }: Flight, around: Surroundings): Verdict {
        const { now } = around;
        if (note.kind === 'bounce') return accepted(excessTo(from));
        if (note.kind === 'checkTerms' || note.kind === 'checkRelease') return this.check(note, from, around);
        if (value < AMPLE / 8n) return REFUSED;
        switch (note.kind) {
            case 'register':
                return this.register(note, from, value, around);
            case 'pause':
                if (!from.equals(guardian) || note.duration < 1 || note.duration > MAX_PAUSE) return REFUSED;
                return now < this.nextPauseAt ? REFUSED : this.pauseUntil(now + note.duration, from);
            case 'unpause':
                if (!from.equals(guardian) && !from.equals(governor)) return REFUSED;
                return now < this.pausedUntil ? this.pauseUntil(now, from) : REFUSED;
            case 'propose':
                if (!from.equals(governor) || this.proposals.size >= MAX_PROPOSALS) return REFUSED;
                if (!this.fits(note.proposal)) return REFUSED;
                this.proposals.set(this.nextProposal++, {
                    proposal: note.proposal,
                    executableAt: now + this.timelock,
                });
                return accepted(excessTo(from));
            case 'execute':
                return this.execute(note, from, now);
            case 'cancelProposal': {
                const pending = this.proposals.get(note.id);
                if (!pending) return REFUSED;
                if (!from.equals(governor) && now <= pending.executableAt + PROPOSAL_LIFE) return REFUSED;
                this.proposals.delete(note.id);
                return accepted(excessTo(from));
            }
            default:
                return REFUSED;
        }
    }

    private register(
        note: Extract<Note, { kind: 'register' }>,
        from: Address,
        value: bigint,
        around: Surroundings,
    ): Verdict {
        if (around.now < this.pausedUntil || value < toNano('120') || from.workChain !== 0) return REFUSED;
        if (note.termsHash !== this.termsHash || note.releaseHash !== this.release.hash) return REFUSED;
        const index = this.nodeCount++;
        const to = around.nodeAddress(index);
        const { version } = this.release;
        this.births.set(to.toRawString(), { index, owner: from, at: around.now, version, note });
        const atLeast = value - toNano('1');
        return accepted({ sends: [{ to, opcode: 'Birth', note: { kind: 'birth', index }, atLeast }] });
    }

    private check(
        note: Extract<Note, { kind: 'checkTerms' | 'checkRelease' }>,
        from: Address,
        around: Surroundings,
    ): Verdict {
        if (!from.equals(around.nodeAddress(note.index))) return REFUSED;
        if (note.kind === 'checkTerms') {
            const { termsHash } = note;
            if (!this.executedTerms.has(termsHash)) return REFUSED;
            const confirmed: Note = { kind: 'termsConfirmed', termsHash };
            return accepted({ sends: [{ to: from, opcode: 'TermsConfirmed', note: confirmed }] });
        }
        if (note.releaseHash !== this.release.hash) return REFUSED;
        const confirmed: Note = { kind: 'releaseConfirmed', release: this.release };
        return accepted({ sends: [{ to: from, opcode: 'ReleaseConfirmed', note: confirmed }] });
    }

    private fits({ release }: ProposalNote): boolean {
        return release === undefined || release.version === this.release.version + 1;
    }

    private execute(
        { id, proposal }: Extract<Note, { kind: 'execute' }>,
        from: Address,
        now: number,
    ): Verdict {
        const pending = this.proposals.get(id);
        if (!pending?.proposal.cell.equals(proposal.cell) || now < pending.executableAt) return REFUSED;
        if (now > pending.executableAt + PROPOSAL_LIFE || !this.fits(proposal)) return REFUSED;
        if (proposal.terms !== undefined) {
            this.termsHash = proposal.terms;
            this.executedTerms.add(proposal.terms);
        }
        if (proposal.release) this.release = proposal.release;
        this.proposals.delete(id);
        return accepted(excessTo(from));
    }

    private pauseUntil(until: number, from: Address): Verdict {
        this.pausedUntil = until;
        this.nextPauseAt = until + PAUSE_COOLDOWN;
        return accepted(excessTo(from));
    }
}
