import type { Address } from '@ton/core';
import type { Flight } from './chain';
import { AMPLE, type Surroundings } from './job-model';
import type { HotNote, Note } from './notes';
import { accepted, excessTo, payment, REFUSED, type Verdict } from './verdict';

const MAX_LOCKS = 64;
const MAX_UNBONDINGS = 8;
const MAX_RETIRED_KEYS = 4;

export interface LockModel {
    amount: bigint;
    seq: bigint;
    hardEnd: number;
}

/** Stake, locks and counters of one node. */
export class NodeModel {
    locked = 0n;
    reserve: bigint;
    exiting = false;
    seq = 0n;
    readonly locks = new Map<string, LockModel>();
    readonly unbondings = new Map<number, bigint>();
    readonly retired: number[] = [];
    paid = 0;
    expired = 0;
    declined = 0;
    earned = 0n;
    slashed = 0n;

    constructor(
        readonly index: number,
        readonly address: Address,
        readonly owner: Address,
        public hot: HotNote,
        public stake: bigint,
        around: Pick<Surroundings, 'terms'>,
    ) {
        this.reserve = around.terms.stakeParams.reserve;
    }

    get unbonding(): bigint {
        return [...this.unbondings.values()].reduce((sum, amount) => sum + amount, 0n);
    }

    receive(flight: Flight, around: Surroundings): Verdict {
        const { note, from, value } = flight;
        if (note.kind === 'bounce') return this.bounced(note.of, from);
        if (note.kind === 'settleLock') return this.settleLock(note);
        if (note.kind === 'announcement') return accepted();
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
            case 'unbond':
                return this.unbond(from, note.amount, around);
            case 'withdraw':
                return this.withdraw(from, around.now);
            case 'rotate':
                return this.rotate(from, note, around);
            case 'payout':
                if (!from.equals(this.owner)) return REFUSED;
                this.hot = { ...this.hot, payout: note.payout };
                return accepted(excessTo(from));
            default:
                return REFUSED;
        }
    }

    private claim(
        from: Address,
        { order, bid }: Extract<Note, { kind: 'claim' }>,
        around: Surroundings,
    ): Verdict {
        const job = order.address.toRawString();
        if (!from.equals(this.hot.operator) || this.exiting) return REFUSED;
        if (bid.collateral > this.stake - this.locked - this.reserve) return REFUSED;
        if (this.locks.size >= MAX_LOCKS || this.locks.has(job)) return REFUSED;
        const { maxWindow } = around.terms.jobParams;
        const { longestDispute, lockGrace } = around.terms.stakeParams;
        const hardEnd = around.now + 3 * maxWindow + longestDispute + lockGrace;
        this.locks.set(job, { amount: bid.collateral, seq: this.seq, hardEnd });
        this.locked += bid.collateral;
        const { index, seq, stake, hot } = this;
        const note: Note = { kind: 'claimFor', node: index, seq, stake, bid, hot };
        this.seq += 1n;
        return accepted({ sends: [{ to: order.address, opcode: 'ClaimFor', note }] });
    }

    private bounced(note: Note, from: Address): Verdict {
        if (note.kind === 'claimFor' && this.endLock(from.toRawString(), note.seq) === undefined)
            return REFUSED;
        return accepted(excessTo(this.hot.operator));
    }

    private decline(from: Address, note: Extract<Note, { kind: 'decline' }>): Verdict {
        if (!from.equals(this.owner) && !from.equals(this.hot.operator)) return REFUSED;
        if (!this.locks.has(note.job.toRawString())) return REFUSED;
        const forwarded: Note = { kind: 'declineClaim', node: this.index, claim: note.claim };
        return accepted({ sends: [{ to: note.job, opcode: 'DeclineClaim', note: forwarded }] });
    }

    private settleLock(note: Extract<Note, { kind: 'settleLock' }>): Verdict {
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

    private unbond(from: Address, amount: bigint, { now, terms }: Surroundings): Verdict {
        if (!from.equals(this.owner) || amount <= 0n || amount > this.stake - this.locked) return REFUSED;
        const unlockAt = now + terms.stakeParams.unbondingPeriod;
        const same = this.unbondings.get(unlockAt);
        if (same === undefined && this.unbondings.size >= MAX_UNBONDINGS) return REFUSED;
        if (amount > this.stake - this.locked - this.reserve) this.exiting = true;
        this.unbondings.set(unlockAt, (same ?? 0n) + amount);
        this.stake -= amount;
        return accepted(excessTo(from));
    }

    private withdraw(from: Address, now: number): Verdict {
        if (!from.equals(this.owner)) return REFUSED;
        let due = 0n;
        for (const [unlockAt, amount] of this.unbondings) {
            if (unlockAt > now) continue;
            due += amount;
            this.unbondings.delete(unlockAt);
        }
        if (due === 0n) return REFUSED;
        return accepted({
            sends: [{ to: from, opcode: 'StakeWithdrawal', note: { kind: 'payment' }, atLeast: due }],
        });
    }

    private rotate(
        from: Address,
        note: Extract<Note, { kind: 'rotate' }>,
        { now, terms }: Surroundings,
    ): Verdict {
        const kept = this.retired.filter((rotatedAt) => rotatedAt + terms.stakeParams.evidenceWindow >= now);
        if (!from.equals(this.owner) || kept.length >= MAX_RETIRED_KEYS || kept.includes(now)) return REFUSED;
        this.retired.splice(0, this.retired.length, ...kept, now);
        this.hot = { ...this.hot, operator: note.operator, encryptionKey: note.encryptionKey };
        return accepted(excessTo(from));
    }

    private endLock(job: string, seq: bigint): bigint | undefined {
        const lock = this.locks.get(job);
        if (lock?.seq !== seq) return undefined;
        this.locks.delete(job);
        this.locked -= lock.amount;
        return lock.amount;
    }
}
