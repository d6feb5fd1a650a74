import { type Address, beginCell } from '@ton/core';
import type { Note, SeatNote } from '../notes';
import { accepted, excessTo, REFUSED, type Verdict } from '../verdict';
import type { DisputeModel } from './dispute';
import type { Surroundings } from './surroundings';

export interface SeatModel extends SeatNote {
    vote?: number;
}
type Of<Kind extends Note['kind']> = Extract<Note, { kind: Kind }>;

export function seat(dispute: DisputeModel, from: Address, note: Of<'seat'>, around: Surroundings): Verdict {
    const { params, suit } = dispute;
    const { now } = around;
    if (!dispute.during('seating', now) || note.round !== dispute.round || !dispute.case) return REFUSED;
    if (!from.equals(around.nodeAddress(note.index)) || note.index === dispute.case.index) return REFUSED;
    if (note.owner.equals(suit.accuser) || note.owner.equals(dispute.case.owner)) return REFUSED;
    if (note.modelId !== dispute.case.modelId || dispute.banned.includes(note.index)) return REFUSED;
    if (dispute.seats.some(({ index }) => index === note.index)) return REFUSED;
    const oldest = dispute.confirmedAt - params.jurorAge;
    if (note.stakeSince > oldest || note.offeredSince > oldest) return REFUSED;
    const chance = note.stake * params.seatRate * BigInt(now - dispute.begun);
    if (draw(dispute, note.index) >= chance || note.bond !== params.jurorBond) return REFUSED;
    dispute.seats.push({ ...note });
    if (dispute.seats.length === params.jurors) {
        dispute.phase = 'revealing';
        dispute.deadline = now + params.revealWindow;
    }
    return accepted(excessTo(note.operator));
}

/** The number that the chance of a node must exceed. */
function draw(dispute: DisputeModel, index: number): bigint {
    const drawn = beginCell()
        .storeUint(dispute.seed, 256)
        .storeUint(dispute.round, 8)
        .storeUint(index, 32)
        .endCell()
        .hash();
    return drawn.readBigUInt64BE(0);
}

export function reveal(dispute: DisputeModel, from: Address, { index, vote, salt }: Of<'reveal'>, now: number): Verdict {
    if (!dispute.during('revealing', now) || vote > 2) return REFUSED;
    const seat = dispute.seats.find((one) => one.index === index);
    if (!seat?.operator.equals(from) || seat.vote !== undefined) return REFUSED;
    const { sealed } = seat;
    const opens =
        sealed.dispute === dispute.suit.address.toRawString() &&
        sealed.round === dispute.round &&
        sealed.index === index &&
        sealed.vote === vote &&
        sealed.salt === salt;
    if (!opens) return REFUSED;
    seat.vote = vote;
    return accepted(excessTo(from));
}

