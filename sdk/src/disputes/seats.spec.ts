import { beginCell } from '@ton/core';
import { seededBytes } from '../../tests/helpers/random';
import { hashToInteger } from '../utils';
import { isSeatDue, type SeatDraw, seatDueAt, seatNumber } from './seats';

const bytes = seededBytes(3);
const TON = 1_000_000_000n;

function draw(change: Partial<SeatDraw> = {}): SeatDraw {
    return {
        seed: hashToInteger(bytes(32)),
        round: 1,
        seatingSince: 1_700_000_000,
        seatRate: 50_000n,
        ...change,
    };
}

it('is the top of the hash of the cell, as the contract computes it', () => {
    const { seed } = draw();
    const cell = beginCell().storeUint(seed, 256).storeUint(2, 8).storeUint(7, 32).endCell();
    expect(seatNumber({ seed, round: 2 }, 7)).toBe(hashToInteger(cell.hash()) >> 192n);
});

it('admits from seatDueAt on and not one second before', () => {
    for (let index = 0; index < 200; index++) {
        const drawn = draw();
        const due = seatDueAt(drawn, 100n * TON, index)!;
        expect(isSeatDue(drawn, 100n * TON, index, due)).toBe(true);
        expect(isSeatDue(drawn, 100n * TON, index, due - 1)).toBe(false);
    }
});

it('draws anew in each round, and rises with the stake', () => {
    const first = draw();
    const second = { ...first, round: 2 };
    expect(seatNumber(first, 1)).not.toBe(seatNumber(second, 1));
    expect(seatNumber(first, 1)).not.toBe(seatNumber(first, 2));
    const waits = (stake: bigint) => seatDueAt(first, stake, 1)! - first.seatingSince;
    expect(waits(200n * TON)).toBeLessThanOrEqual(Math.ceil(waits(100n * TON) / 2) + 1);
});

it('admits nobody without juror stake, and nobody in the first instant', () => {
    const drawn = draw();
    expect(seatDueAt(drawn, 0n, 1)).toBeUndefined();
    expect(isSeatDue(drawn, 0n, 1, drawn.seatingSince + 1_000_000)).toBe(false);
    expect(isSeatDue(drawn, 2n ** 90n, 1, drawn.seatingSince)).toBe(false);
});

it('gives a split stake no more than a whole one', () => {
    // Chances of n small nodes and of one with their sum, over many seeds.
    let whole = 0;
    let split = 0;
    for (let i = 0; i < 2_000; i++) {
        const drawn = draw({ seatRate: 10_000_000n });
        const now = drawn.seatingSince + 3;
        if (isSeatDue(drawn, 40n * TON, 1, now)) whole++;
        for (let index = 10; index < 14; index++) if (isSeatDue(drawn, 10n * TON, index, now)) split++;
    }
    expect(Math.abs(whole - split)).toBeLessThan(60);
    expect(whole).toBeGreaterThan(50);
});
