import type { Address } from '@ton/core';
import { type DisputeParams, quorumOf } from 'cocoon-wrappers';
import type { Flight } from '../chain';
import type { AccusedNote, Note, Ruling, Suit } from '../notes';
import { disputeSeed } from '../read/dispute';
import { accepted, type Expected, excessTo, payment, REFUSED, type Verdict } from '../verdict';
import { end, tally } from './dispute-end';
import { fees } from './dispute-fees';
import { reveal, type SeatModel, seat } from './dispute-jury';
import { AMPLE, type Surroundings } from './surroundings';

export const PHASES = [
    'opening',
    'busy',
    'disclosing',
    'answering',
    'seating',
    'revealing',
    'resolved',
] as const;
export type Phase = 'unopened' | (typeof PHASES)[number];
type Of<Kind extends Note['kind']> = Extract<Note, { kind: Kind }>;

/** Course and money of one dispute, as docs/spec/disputes.md says. */
export class DisputeModel {
    phase: Phase = 'unopened';
    round = 0;
    outcome: Ruling = 'none';
    shown = 0;
    deadline = 0;
    begun = 0;
    held = 0n;
    spent = 0n;
    seed = 0n;
    confirmedAt = 0;
    case?: AccusedNote;
    seats: SeatModel[] = [];
    banned: number[] = [];

    constructor(
        public suit: Suit,
        /** How an earlier life of this address ended, for the statistics. */
        public ended?: string,
    ) {}

    /** Nothing is left to be done, or nothing was begun. */
    get over(): boolean {
        return this.phase === 'unopened' || this.phase === 'resolved';
    }

    get params(): DisputeParams {
        const { disputes } = this.suit.terms.kinds;
        if (!disputes) throw new Error('These terms have no disputes.');
        return disputes;
    }

    get tip(): bigint {
        return this.suit.terms.jobParams.keeperTip;
    }

    /** The bond, and what the longest course costs beside the messages that move it on. */
    get due(): bigint {
        const { jurors, jurorFee, accuserBond } = this.params;
        const told = this.suit.kind === 'job' ? fees.verdict : fees.settleAccusation;
        return accuserBond + 2n * BigInt(jurors) * (jurorFee + fees.settleSeat) + 3n * this.tip + told;
    }

    receive(flight: Flight, around: Surroundings): Verdict {
        const { note, from, value } = flight;
        switch (note.kind) {
            case 'bounce':
                return note.of.kind === 'freeze' || note.of.kind === 'accuse' ? this.refused(value) : accepted();
            case 'accused':
                return this.accused(from, value, note, around);
            case 'busy':
                if (!this.fromAccused(from)) return REFUSED;
                this.phase = 'busy';
                this.shown = 0;
                this.deadline = note.busyUntil;
                this.held += left(value);
                return accepted();
            case 'convicted':
                return this.fromAccused(from) ? this.convicted(value) : REFUSED;
            case 'freezeRefused':
                if (this.phase !== 'opening' || !from.equals(this.suit.accused)) return REFUSED;
                return this.undo();
            case 'seat':
                return seat(this, from, note, around);
            case 'open':
                return value < this.due + AMPLE / 2n ? REFUSED : this.open(from, note.suit, around);
            default:
                return value < AMPLE / 8n ? REFUSED : this.asked(from, note, around);
        }
    }

    private asked(from: Address, note: Note, around: Surroundings): Verdict {
        switch (note.kind) {
            case 'retry':
                if (from.workChain !== 0 || !this.during('busy', around.now)) return REFUSED;
                if (!note.suit.evidence.equals(this.suit.evidence)) return REFUSED;
                this.phase = 'opening';
                this.shown = 1;
                return accepted({ sends: [this.question()], ...excessTo(from) });
            case 'showItem':
                return this.showItem(from, note, around.now);
            case 'showHalf':
                return this.showHalf(from, note, around.now);
            case 'answer':
                if (!this.during('answering', around.now) || !note.right) return REFUSED;
                if (!this.case?.operator.equals(from)) return REFUSED;
                this.startSeating(1, around.now);
                return accepted(excessTo(from));
            case 'reveal':
                return reveal(this, from, note, around.now);
            case 'resolve':
                return from.workChain === 0 ? this.resolve(from, around.now) : REFUSED;
            case 'destroyDispute':
                return this.destroy(from, around.now);
            default:
                return REFUSED;
        }
    }

    private open(from: Address, suit: Suit, around: Surroundings): Verdict {
        if (this.phase !== 'unopened' || !from.equals(suit.accuser)) return REFUSED;
        if (around.now >= suit.identity.openBefore) return REFUSED;
        this.suit = suit;
        this.phase = 'opening';
        this.deadline = around.now + suit.terms.stakeParams.longestDispute;
        this.held = this.due;
        return accepted({ sends: [this.question()], ...excessTo(from) });
    }

    private question(): Expected {
        const { suit } = this;
        const { claim, root, accused: to, identity } = suit;
        return suit.kind === 'session'
            ? { to, opcode: 'Accuse', note: { kind: 'accuse', suit } }
            : {
                  to,
                  opcode: 'Freeze',
                  note: { kind: 'freeze', claim, root, openBefore: identity.openBefore },
              };
    }

    private fromAccused(from: Address): boolean {
        return this.phase === 'opening' && this.suit.kind === 'session' && from.equals(this.suit.accused);
    }

    private accused(from: Address, value: bigint, note: Of<'accused'>, around: Surroundings): Verdict {
        if (this.phase !== 'opening' || !from.equals(around.nodeAddress(note.index))) return REFUSED;
        if (this.suit.kind === 'session' && !from.equals(this.suit.accused)) return REFUSED;
        this.seed = disputeSeed(around.executed.after);
        this.phase = 'disclosing';
        this.shown = 0;
        this.deadline = around.now + this.params.discloseWindow;
        this.confirmedAt = around.now;
        this.held += left(value);
        this.case = note;
        return accepted();
    }

    private convicted(value: bigint): Verdict {
        const returned = this.held + left(value);
        this.held = 0n;
        this.shown = 0;
        this.phase = 'resolved';
        this.outcome = 'client';
        return accepted({ sends: [payment('DisputePayout', this.suit.accuser, returned)] });
    }

    /** A Retry at a bad moment, which anyone may send, ends nothing. */
    private refused(value: bigint): Verdict {
        if (!this.askedAgain) return this.undo();
        this.phase = 'busy';
        this.shown = 0;
        this.held += left(value);
        return accepted();
    }

    private get askedAgain(): boolean {
        return this.phase === 'opening' && this.shown === 1;
    }

    private undo(): Verdict {
        if (this.phase === 'unopened') return REFUSED;
        const all: Expected = {
            to: this.suit.accuser,
            opcode: 'DisputePayout',
            note: { kind: 'payment' },
            atLeast: this.held,
        };
        return accepted({ sends: [all], gone: true });
    }

    during(phase: Phase, now: number): boolean {
        return this.phase === phase && now <= this.deadline;
    }

    private showItem(from: Address, { index, right }: Of<'showItem'>, now: number): Verdict {
        if (!this.during('disclosing', now) || this.suit.kind !== 'job') return REFUSED;
        if (!from.equals(this.suit.accuser) || !this.case || index >= this.case.items || !right)
            return REFUSED;
        this.shown = index;
        this.phase = 'answering';
        this.deadline = now + this.params.answerWindow;
        return accepted(excessTo(from));
    }

    private showHalf(from: Address, { half, right }: Of<'showHalf'>, now: number): Verdict {
        if (!this.during('disclosing', now) || this.suit.kind !== 'session') return REFUSED;
        if (!from.equals(this.suit.accuser) || !right || this.shown & half) return REFUSED;
        this.shown |= half;
        if (this.shown === 3) this.startSeating(1, now);
        return accepted(excessTo(from));
    }

    startSeating(round: number, now: number): void {
        this.phase = 'seating';
        this.round = round;
        this.seats = [];
        this.begun = now;
        this.deadline = now + this.params.seatWindow;
    }

    private resolve(from: Address, now: number): Verdict {
        const late = now > this.deadline;
        switch (this.phase) {
            case 'unopened':
            case 'resolved':
                return REFUSED;
            case 'opening':
            case 'busy':
                return late ? end(this, from, now, { outcome: 'none', told: false }) : REFUSED;
        }
        if (this.case && now > this.case.hardEnd)
            return end(this, from, now, { outcome: 'none', told: false });
        switch (this.phase) {
            case 'disclosing':
                return late ? end(this, from, now, { outcome: 'node', told: true }) : REFUSED;
            case 'answering':
                return late ? end(this, from, now, { outcome: 'none', told: true, again: true }) : REFUSED;
            case 'seating':
                if (!late) return REFUSED;
                return end(this, from, now, { outcome: 'none', told: true, again: this.round === 1 });
        }
        const { revealed, forNode, forClient } = tally(this.seats);
        if (!late && revealed < this.seats.length) return REFUSED;
        const { jurors } = this.params;
        if (revealed < quorumOf(this.params)) {
            const again = this.round === 1;
            return end(this, from, now, { outcome: 'none', told: true, again, voted: true });
        }
        if (2 * forClient > jurors)
            return end(this, from, now, { outcome: 'client', told: true, voted: true, against: 0 });
        const against = 2 * forNode > jurors ? 1 : undefined;
        return end(this, from, now, { outcome: 'node', told: true, voted: true, against });
    }

    private destroy(from: Address, now: number): Verdict {
        if (from.workChain !== 0 || now < this.suit.identity.openBefore) return REFUSED;
        if (this.phase !== 'unopened' && this.phase !== 'resolved') return REFUSED;
        const to = this.phase === 'unopened' ? from : this.suit.accuser;
        const rest: Expected = { to, opcode: 'DisputePayout', note: { kind: 'payment' } };
        return accepted({
            sends: [rest],
            gone: true,
            ...(this.phase === 'unopened' ? {} : excessTo(from)),
        });
    }
}

/** What is left of an answer's value is the accuser's. */
function left(value: bigint): bigint {
    return value > fees.answered ? value - fees.answered : 0n;
}
