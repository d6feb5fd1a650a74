import type { Address } from '@ton/core';
import { highestAtIssue, type JobSpec, type Terms } from 'cocoon-wrappers';
import type { Flight } from '../chain';
import { rootOf } from '../exchange';
import type { HotNote, Note, Order, Outcome } from '../notes';
import { accepted, type Expected, excessTo, payment, REFUSED, type Verdict } from '../verdict';
import { freeze, thaw, verdict } from './job-dispute';
import { AMPLE, type Surroundings } from './surroundings';

export type JobState =
    | 'unopened'
    | 'open'
    | 'claimed'
    | 'submitted'
    | 'paid'
    | 'refunded'
    | 'expired'
    | 'disputed';

const MAX_CLAIMS = 4;
const MAX_OPEN_AHEAD = 30 * 86_400;
/** Money and progress of one job, as docs/SPEC says; written without a look at the contracts' code. */
export class JobModel {
    state: JobState = 'unopened';
    claims = 0;
    keyGiven = false;
    deadline = 0;
    escrow = 0n;
    price = 0n;
    node = 0;
    seq = 0n;
    claimBy = 0;
    rampFrom = 0;
    claimedAt = 0;
    root = 0n;
    hot?: HotNote;
    readonly claimers = new Set<number>();

    constructor(
        readonly order: Order,
        /** How an earlier life of this address ended, for the statistics. */
        public ended?: JobState,
    ) {}

    get spec(): JobSpec {
        return this.order.spec;
    }

    get terms(): Terms {
        return this.order.terms;
    }

    get client(): Address {
        return this.order.identity.client;
    }

    get over(): boolean {
        return this.state === 'paid' || this.state === 'refunded' || this.state === 'expired';
    }

    receive(flight: Flight, around: Surroundings): Verdict {
        const { note, from, value } = flight;
        if (note.kind === 'bounce') return note.of.kind === 'freezeLock' ? thaw(this, around) : accepted();
        if (note.kind === 'freeze') return freeze(this, from, note, around);
        if (note.kind === 'verdict') return verdict(this, from, note, around);
        const enough = note.kind === 'post' ? value >= this.due + AMPLE / 2n : value >= AMPLE / 8n;
        if (!enough) return REFUSED;
        switch (note.kind) {
            case 'post':
                return this.post(from, around);
            case 'claimFor':
                return this.claimFor(note, around);
            case 'disclose':
                return this.disclose(from, note, around);
            case 'submit':
                return this.submit(from, note, around);
            case 'accept':
                if (!from.equals(this.client) || this.state !== 'submitted') return REFUSED;
                if (note.claim !== this.claims || note.root !== this.root) return REFUSED;
                return this.settle('paid', from, around);
            case 'finalize':
                if (from.workChain !== 0 || (this.state !== 'submitted' && this.state !== 'disputed'))
                    return REFUSED;
                if (around.now <= this.deadline) return REFUSED;
                return this.settle('paid', from, around);
            case 'expire':
                return this.expire(from, around);
            case 'cancel':
                if (!from.equals(this.client) || this.state !== 'open') return REFUSED;
                return this.settle('none', from, around);
            case 'declineClaim':
                return this.decline(note, around);
            case 'announceAgain':
                if (from.workChain !== 0 || this.state !== 'open') return REFUSED;
                return accepted({ sends: [this.announcement(around)], ...excessTo(from) });
            case 'destroy':
                return this.destroy(from, around);
            default:
                return REFUSED;
        }
    }

    /** What the job owes when it opens: the price, the post fee, a fee for each claim without a key, a tip for each poke. */
    get due(): bigint {
        const { jobParams } = this.terms;
        return this.spec.maxPrice + jobParams.postFee + 4n * jobParams.noKeyFee + 5n * jobParams.keeperTip;
    }

    priceAt(time: number): bigint {
        const { startPrice, maxPrice, rampSeconds } = this.spec;
        const elapsed = BigInt(time - this.rampFrom);
        if (elapsed >= BigInt(rampSeconds)) return maxPrice;
        return startPrice + ((maxPrice - startPrice) * elapsed) / BigInt(rampSeconds);
    }

    private post(from: Address, around: Surroundings): Verdict {
        const { openBefore } = this.order.identity;
        const { now } = around;
        const { jobParams, stakeParams, kinds } = this.terms;
        if (!from.equals(this.client) || this.state !== 'unopened') return REFUSED;
        if (now >= openBefore || openBefore > now + MAX_OPEN_AHEAD) return REFUSED;
        const { minWindow, maxWindow, maxCollateral } = jobParams;
        const { claimWindow, keyWindow, executionWindow, reviewWindow, startPrice, maxPrice } = this.spec;
        const windows = [claimWindow, keyWindow, executionWindow, reviewWindow];
        if (windows.some((window) => window < minWindow || window > maxWindow)) return REFUSED;
        if (startPrice > maxPrice || this.spec.collateral > maxCollateral) return REFUSED;
        if (!kinds.disputes || maxPrice + this.spec.collateral > highestAtIssue(kinds.disputes)) return REFUSED;
        if (reviewWindow > stakeParams.evidenceWindow) return REFUSED;
        this.state = 'open';
        this.escrow = this.due;
        this.claimBy = now + claimWindow;
        this.rampFrom = now;
        return accepted({ sends: [this.announcement(around)], ...excessTo(from) });
    }

    private claimFor(note: Extract<Note, { kind: 'claimFor' }>, { now }: Surroundings): Verdict {
        if (this.state !== 'open' || this.claimers.has(note.node)) return REFUSED;
        const { direct, collateral, minStake } = this.spec;
        if (direct !== undefined && direct !== note.node) return REFUSED;
        if (note.version < this.terms.minNodeVersion) return REFUSED;
        if (note.bid.specHash !== this.order.specHash || note.bid.collateral !== collateral) return REFUSED;
        const price = this.priceAt(now);
        if (price < note.bid.minPrice || note.stake < minStake) return REFUSED;
        this.state = 'claimed';
        this.claims += 1;
        this.claimers.add(note.node);
        this.keyGiven = direct !== undefined;
        this.deadline = now + (this.keyGiven ? this.spec.executionWindow : this.spec.keyWindow);
        this.price = price;
        this.node = note.node;
        this.seq = note.seq;
        this.claimedAt = now;
        this.hot = note.hot;
        return accepted(excessTo(note.hot.operator));
    }

    private disclose(
        from: Address,
        note: Extract<Note, { kind: 'disclose' }>,
        { now }: Surroundings,
    ): Verdict {
        if (!from.equals(this.client) || this.state !== 'claimed' || this.keyGiven) return REFUSED;
        if (note.claim !== this.claims || note.encryptionKey !== this.hot?.encryptionKey) return REFUSED;
        this.keyGiven = true;
        this.deadline = now + this.spec.executionWindow;
        return accepted(excessTo(from));
    }

    private submit(from: Address, note: Extract<Note, { kind: 'submit' }>, { now }: Surroundings): Verdict {
        if (this.state !== 'claimed' || !this.keyGiven || note.claim !== this.claims) return REFUSED;
        if (!this.hot || !from.equals(this.hot.operator)) return REFUSED;
        this.state = 'submitted';
        this.deadline = now + this.spec.reviewWindow;
        this.root = rootOf(this.spec.items, note.top);
        return accepted(excessTo(from));
    }

    private expire(from: Address, around: Surroundings): Verdict {
        if (from.workChain !== 0) return REFUSED;
        if (this.state === 'open')
            return around.now > this.claimBy ? this.settle('none', from, around) : REFUSED;
        if (this.state !== 'claimed' || around.now <= this.deadline) return REFUSED;
        return this.settle(this.keyGiven ? 'expired' : 'noKey', from, around);
    }

    private decline(note: Extract<Note, { kind: 'declineClaim' }>, around: Surroundings): Verdict {
        if (this.state !== 'claimed' || note.node !== this.node || note.claim !== this.claims) return REFUSED;
        if (!this.hot) return REFUSED;
        if (around.now <= this.deadline) return this.settle('declined', this.hot.operator, around, false);
        return this.keyGiven ? REFUSED : this.settle('noKey', this.hot.operator, around, false);
    }

    private destroy(from: Address, { now }: Surroundings): Verdict {
        if (from.workChain !== 0 || now < this.order.identity.openBefore) return REFUSED;
        if (this.state !== 'unopened' && !this.over) return REFUSED;
        const { keeperTip } = this.terms.jobParams;
        const tip = this.state === 'unopened' || from.equals(this.client) ? 0n : keeperTip;
        const refund: Expected = { to: this.client, opcode: 'JobRefund', note: { kind: 'payment' } };
        return accepted({ sends: [refund], ...excessTo(from, tip), gone: true });
    }

    /** Ends a claim or the job: who gets what. */
    settle(outcome: Outcome, caller: Address, around: Surroundings, poke = true): Verdict {
        const { feeBps, keeperTip, noKeyFee, postFee, treasury } = this.terms.jobParams;
        const tip = poke && !caller.equals(this.client) ? keeperTip : 0n;
        const earned = outcome === 'paid' ? this.price : 0n;
        const fee = (earned * BigInt(feeBps)) / 10_000n;
        const pastKey = outcome === 'noKey' ? noKeyFee : 0n;
        const sends: Expected[] = [];
        if (outcome !== 'none' && this.hot) {
            const payout = earned - fee + pastKey;
            if (payout > 0n) sends.push(payment('JobPayout', this.hot.payout, payout));
            sends.push(this.endOfLock(outcome, earned, around));
        }
        this.escrow -= tip + pastKey;
        if (
            (outcome === 'declined' || outcome === 'noKey') &&
            this.claims < MAX_CLAIMS &&
            this.spec.direct === undefined
        ) {
            this.reopen(around.now);
            return accepted({ sends, ...excessTo(caller, tip) });
        }
        if (postFee + fee > 0n) sends.push(payment('ProtocolFee', treasury, postFee + fee));
        const atLeast = this.escrow - earned - postFee;
        sends.push({ to: this.client, opcode: 'JobRefund', note: { kind: 'payment' }, atLeast });
        this.escrow = 0n;
        this.state = outcome === 'paid' ? 'paid' : outcome === 'expired' ? 'expired' : 'refunded';
        const gone = around.now >= this.order.identity.openBefore;
        return accepted({ sends, gone, ...(caller.equals(this.client) ? {} : excessTo(caller, tip)) });
    }

    private reopen(now: number): void {
        const claimedFor = now - this.claimedAt;
        this.state = 'open';
        this.keyGiven = false;
        this.claimBy += claimedFor;
        this.rampFrom += claimedFor;
        this.hot = undefined;
    }

    private endOfLock(outcome: Outcome, earned: bigint, around: Surroundings): Expected {
        const { declineBps, timeoutSlashBps } = this.terms.jobParams;
        const bps = outcome === 'expired' ? timeoutSlashBps : outcome === 'declined' ? declineBps : 0;
        const slash = (this.spec.collateral * BigInt(bps)) / 10_000n;
        const { seq, client } = this;
        const job = this.order.address.toRawString();
        const note: Note = { kind: 'settleLock', job, seq, outcome, earned, slash, client };
        return { to: around.nodeAddress(this.node), opcode: 'SettleLock', note };
    }

    private announcement(around: Surroundings): Expected {
        const { direct } = this.spec;
        const to = direct === undefined ? around.marketAddress(this.order) : around.nodeAddress(direct);
        return { to, opcode: 'AnnounceJob', note: { kind: 'announcement' } };
    }
}
