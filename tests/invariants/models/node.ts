import type { Address } from '@ton/core';
import type { Flight } from '../chain';
import type { HotNote, Note } from '../notes';
import { accepted, excessTo, payment, REFUSED, type Verdict } from '../verdict';
import { Adoption } from './adoption';
import { CourtModel, KeyHistory } from './court';
import { judgeOfNode } from './node-court';
import { AMPLE, type Surroundings } from './surroundings';

const MAX_LOCKS = 64;
const MAX_UNBONDINGS = 8;
const MAX_RETIRED_KEYS = 4;

export interface LockModel {
    amount: bigint;
    seq: bigint;
    hardEnd: number;
}

type Of<Kind extends Note['kind']> = Extract<Note, { kind: Kind }>;

/** Stake, locks and counters of one node. */
export class NodeModel {
    exiting = false;
    seq = 0n;
    pendingOwner?: Address;
    readonly locks = new Map<string, LockModel>();
    readonly unbondings = new Map<number, bigint>();
    readonly court = new CourtModel();
    readonly keys: KeyHistory;
    readonly adoption: Adoption;
    paid = 0;
    expired = 0;
    declined = 0;
    earned = 0n;
    slashed = 0n;

    constructor(
        readonly index: number,
        readonly address: Address,
        public owner: Address,
        public hot: HotNote,
        readonly bornAt: number,
        born: { operatorKey: bigint; termsHash: bigint; stake: bigint; version: number },
        around: Pick<Surroundings, 'termsOf'>,
    ) {
        this.stake = born.stake;
        this.keys = new KeyHistory(born.operatorKey, bornAt);
        this.adoption = new Adoption(born.termsHash, around);
        this.adoption.version = born.version;
    }

    stake: bigint;

    get reserve(): bigint {
        return this.adoption.reserve;
    }

    get unbonding(): bigint {
        return [...this.unbondings.values()].reduce((sum, amount) => sum + amount, 0n);
    }

    get locked(): bigint {
        return [...this.locks.values()].reduce((sum, { amount }) => sum + amount, this.court.jurorStake);
    }

    /** What neither a job nor a jury holds. */
    get unlocked(): bigint {
        return this.stake - this.locked;
    }

    /** Of it, what a claim or a juror stake may take. */
    get spare(): bigint {
        const { accused } = this.court;
        return this.unlocked - (accused > this.reserve ? accused : this.reserve);
    }

    receive(flight: Flight, around: Surroundings): Verdict {
        const { note, from, value } = flight;
        if (note.kind === 'bounce') return this.bounced(note.of, from);
        if (note.kind === 'settleLock') return this.settleLock(note);
        if (note.kind === 'announcement') return accepted();
        const ofCourt = judgeOfNode(this, flight, around);
        if (ofCourt) return ofCourt;
        const principal = note.kind === 'addStake' ? note.amount : 0n;
        if (value < principal + AMPLE / 8n) return REFUSED;
        switch (note.kind) {
            case 'claim':
                return this.claim(from, note, around);
            case 'decline':
                return this.decline(from, note);
            case 'releaseLock':
                return this.release(from, note.job.toRawString(), around.now);
            case 'addStake':
                if (note.amount <= 0n) return REFUSED;
                this.stake += note.amount;
                return accepted(excessTo(from));
            case 'releaseAllocation': {
                if (!from.equals(this.owner) && !from.equals(this.hot.operator)) return REFUSED;
                const passed: Note = { kind: 'vault', vault: note.vault, sending: note.sending };
                return accepted({
                    sends: [{ to: note.vault.network.vault, opcode: 'ReleaseNow', note: passed }],
                });
            }
            case 'termsConfirmed':
                if (!from.equals(around.registry)) return REFUSED;
                this.adoption.confirmed(note.termsHash, around);
                return accepted(excessTo(this.owner));
            case 'releaseConfirmed':
                if (!from.equals(around.registry)) return REFUSED;
                this.adoption.released(note);
                return accepted(excessTo(this.owner));
            case 'acceptOwnership':
                if (!this.pendingOwner?.equals(from)) return REFUSED;
                this.owner = from;
                this.pendingOwner = undefined;
                this.adoption.forget();
                return accepted(excessTo(from));
            default:
                return from.equals(this.owner) ? this.ofOwner(note, around) : REFUSED;
        }
    }

    private ofOwner(note: Note, around: Surroundings): Verdict {
        switch (note.kind) {
            case 'unbond':
                return this.unbond(note.amount, around);
            case 'withdraw':
                return this.withdraw(around.now);
            case 'rotate':
                return this.rotate(note, around.now);
            case 'payout':
                this.hot = { ...this.hot, payout: note.payout };
                return accepted(excessTo(this.owner));
            case 'transferOwnership':
                this.pendingOwner = note.to;
                return accepted(excessTo(this.owner));
            case 'adopt': {
                if (!this.adoption.ask(note.termsHash, around)) return REFUSED;
                const asked: Note = { kind: 'checkTerms', index: this.index, termsHash: note.termsHash };
                return accepted({ sends: [{ to: around.registry, opcode: 'CheckTerms', note: asked }] });
            }
            case 'drop':
                if (!this.adoption.drop(note.termsHash, around.now)) return REFUSED;
                return accepted(excessTo(this.owner));
            case 'upgrade': {
                const { releaseHash } = note;
                this.adoption.wantedRelease = releaseHash;
                const asked: Note = { kind: 'checkRelease', index: this.index, releaseHash };
                return accepted({ sends: [{ to: around.registry, opcode: 'CheckRelease', note: asked }] });
            }
            default:
                return REFUSED;
        }
    }

    private claim(from: Address, { order, bid }: Of<'claim'>, { now }: Surroundings): Verdict {
        const job = order.address.toRawString();
        if (!from.equals(this.hot.operator) || this.exiting || now < this.court.busyUntil) return REFUSED;
        if (!this.adoption.serves(order.identity.termsHash) || bid.collateral > this.spare) return REFUSED;
        if (this.locks.size >= MAX_LOCKS || this.locks.has(job)) return REFUSED;
        const { jobParams, stakeParams } = order.terms;
        const { longestDispute, lockGrace } = stakeParams;
        const hardEnd = now + 3 * jobParams.maxWindow + longestDispute + lockGrace;
        this.locks.set(job, { amount: bid.collateral, seq: this.seq, hardEnd });
        const { index, seq, stake, hot } = this;
        const { version } = this.adoption;
        const note: Note = { kind: 'claimFor', node: index, seq, version, stake, bid, hot };
        this.seq += 1n;
        return accepted({ sends: [{ to: order.address, opcode: 'ClaimFor', note }] });
    }

    private bounced(note: Note, from: Address): Verdict {
        switch (note.kind) {
            case 'claimFor':
                if (this.endLock(from.toRawString(), note.seq) === undefined) return REFUSED;
                return accepted(excessTo(this.hot.operator));
            case 'seat':
                this.court.endSeat(from.toRawString());
                return accepted(excessTo(this.hot.operator));
            case 'checkTerms':
                this.adoption.wanted = 0n;
                return accepted(excessTo(this.owner));
            case 'checkRelease':
                this.adoption.wantedRelease = 0n;
                return accepted(excessTo(this.owner));
            default:
                return accepted(excessTo(this.hot.operator));
        }
    }

    private decline(from: Address, note: Of<'decline'>): Verdict {
        if (!from.equals(this.owner) && !from.equals(this.hot.operator)) return REFUSED;
        if (!this.locks.has(note.job.toRawString())) return REFUSED;
        const forwarded: Note = { kind: 'declineClaim', node: this.index, claim: note.claim };
        return accepted({ sends: [{ to: note.job, opcode: 'DeclineClaim', note: forwarded }] });
    }

    private settleLock(note: Of<'settleLock'>): Verdict {
        const amount = this.endLock(note.job, note.seq);
        if (amount === undefined) return REFUSED;
        let { slash } = note;
        if (slash > amount) slash = amount;
        this.stake -= slash;
        this.slashed += slash;
        if (note.outcome === 'paid') {
            this.paid += 1;
            this.earned += note.earned;
        }
        if (note.outcome === 'expired') this.expired += 1;
        if (note.outcome === 'declined') this.declined += 1;
        return accepted({ sends: slash > 0n ? [payment('SlashCompensation', note.client, slash)] : [] });
    }

    private release(from: Address, job: string, now: number): Verdict {
        const lock = this.locks.get(job);
        if (!lock || now <= lock.hardEnd) return REFUSED;
        this.endLock(job, lock.seq);
        return accepted(excessTo(from));
    }

    private unbond(amount: bigint, { now }: Surroundings): Verdict {
        if (amount <= 0n || amount > this.unlocked || now < this.court.busyUntil) return REFUSED;
        const unlockAt = now + this.adoption.unbondingPeriod;
        const same = this.unbondings.get(unlockAt);
        if (same === undefined && this.unbondings.size >= MAX_UNBONDINGS) return REFUSED;
        if (amount > this.unlocked - this.reserve) this.exiting = true;
        this.unbondings.set(unlockAt, (same ?? 0n) + amount);
        this.stake -= amount;
        return accepted(excessTo(this.owner));
    }

    private withdraw(now: number): Verdict {
        const ripe = [...this.unbondings].filter(([unlockAt]) => unlockAt <= now);
        let due = ripe.reduce((sum, [, amount]) => sum + amount, 0n);
        if (due === 0n || now < this.court.busyUntil) return REFUSED;
        const free = this.unlocked + this.unbonding - this.court.accused;
        const held = due - free;
        if (held >= due) return REFUSED;
        for (const [unlockAt] of ripe) this.unbondings.delete(unlockAt);
        if (held > 0n) {
            this.unbondings.set(Math.max(...ripe.map(([unlockAt]) => unlockAt)), held);
            due -= held;
        }
        const note: Note = { kind: 'payment' };
        return accepted({ sends: [{ to: this.owner, opcode: 'StakeWithdrawal', note, atLeast: due }] });
    }

    private rotate(note: Of<'rotate'>, now: number): Verdict {
        const { retired } = this.keys;
        const kept = retired.filter(({ until }) => until + this.adoption.retention >= now);
        if (kept.length >= MAX_RETIRED_KEYS || kept.some(({ until }) => until === now)) return REFUSED;
        retired.splice(0, retired.length, ...kept);
        this.keys.rotate(note.operatorKey, now);
        this.hot = { ...this.hot, operator: note.operator, encryptionKey: note.encryptionKey };
        return accepted(excessTo(this.owner));
    }

    endLock(job: string, seq: bigint): bigint | undefined {
        const lock = this.locks.get(job);
        if (lock?.seq !== seq) return undefined;
        this.locks.delete(job);
        return lock.amount;
    }
}
