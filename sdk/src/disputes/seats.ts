import { sha256 } from '@noble/hashes/sha2.js';
import { ordinaryCellHash } from '../session/wire/cell-hash';
import { concatBytes, integerToHash, uintBytes } from '../utils';

/** What the sortition of a round is decided by. */
export type SeatDraw = {
    /** 256 bits that the confirmation fixed. */
    readonly seed: bigint;
    readonly round: number;
    /** When Seating of this round began, unix seconds. */
    readonly seatingSince: number;
    /** Of the terms: chance per nanoTON of juror stake and second, in units of 2⁻⁶⁴. */
    readonly seatRate: bigint;
};

/** The number that a node has to wait for: the first 64 bits of the hash of the cell seed 256 ‖ round u8 ‖ index u32. */
export function seatNumber({ seed, round }: Pick<SeatDraw, 'seed' | 'round'>, index: number): bigint {
    const data = concatBytes(integerToHash(seed), uintBytes(round, 1), uintBytes(index, 4));
    const hash = ordinaryCellHash({ sha256 }, data);
    return new DataView(hash.buffer, hash.byteOffset).getBigUint64(0);
}

/**
 * From when a node may take a seat, unix seconds of the chain. The seats may be full before, and the window may end before.
 * Undefined for no stake at all. `jurorStake` in nanoTON.
 */
export function seatDueAt(draw: SeatDraw, jurorStake: bigint, index: number): number | undefined {
    const perSecond = jurorStake * draw.seatRate;
    if (perSecond <= 0n) return undefined;
    return draw.seatingSince + Number(seatNumber(draw, index) / perSecond) + 1;
}

/** Whether the contract admits the node in a transaction at `now`, unix seconds, as far as the sortition goes. */
export function isSeatDue(draw: SeatDraw, jurorStake: bigint, index: number, now: number): boolean {
    const elapsed = BigInt(now - draw.seatingSince);
    return seatNumber(draw, index) < jurorStake * draw.seatRate * elapsed;
}
