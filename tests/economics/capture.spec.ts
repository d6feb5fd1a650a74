import { FLAWLESS, type Strategy, simulateCapture } from '../../bench/economics/capture';
import { atLeast, atLeastOfPool } from '../../bench/economics/closed-forms';
import { loadParameters, TON } from '../../bench/economics/parameters';
import { uniform } from '../../bench/economics/random';
import { simulateRace } from '../../bench/economics/seat-race';
import { equalPool, Seating } from '../../bench/economics/seats';

const p = loadParameters();
const DISPUTES = 40_000;

/** Four standard deviations of a share that is estimated from that many disputes. */
const tolerance = (share: number, disputes: number) => 4 * Math.sqrt((share * (1 - share)) / disputes);

function capture(strategy: Strategy, share: number, more = {}) {
    const options = { strategy, share, disputes: DISPUTES, seed: 7, price: TON, honesty: FLAWLESS, ...more };
    return simulateCapture(options, p);
}

describe('capture of juries', () => {
    it.each([
        [5, 0.1],
        [5, 1 / 3],
        [7, 0.5],
        [9, 0.4],
    ])(
        '%i flawless jurors are captured by a share of %f as often as drawing without putting back says',
        (jurors, share) => {
            const options = { strategy: 'acquit', share, disputes: DISPUTES, seed: 3, price: TON } as const;
            const { wrong } = simulateCapture({ ...options, honesty: FLAWLESS, nodes: 60 }, { ...p, jurors });
            const exact = atLeastOfPool(jurors, (jurors + 1) / 2, Math.round(60 * share), 60);
            expect(Math.abs(wrong - exact)).toBeLessThan(tolerance(exact, DISPUTES));
        },
    );

    it('comes to the binomial tail in a large pool', () => {
        const rounds = 10_000;
        const { captured } = simulateRace(1_500, p.minStake, 0.3, 0, rounds, 11, p);
        const exact = atLeast(5, 3, 0.3);
        expect(Math.abs(captured - exact)).toBeLessThan(tolerance(exact, rounds));
    });

    it('seats by stake and not by nodes', () => {
        const pool = equalPool(800, p.minStake, 0.125, 0);
        for (let node = 0; node < 100; node++) pool.stakes[node] = 3 * p.minStake;
        const seating = new Seating(pool, p, uniform(5));
        let own = 0;
        const rounds = 10_000;
        for (let i = 0; i < rounds; i++) {
            expect(seating.round()).toBe(5);
            for (const node of seating.seated) own += pool.hostile[node]!;
        }
        expect(own / (5 * rounds)).toBeCloseTo(0.3, 1);
        expect(Math.abs(own / (5 * rounds) - 0.3)).toBeLessThan(0.012);
    });

    it('gets nobody a seat that is excluded, and leaves a round unfilled when the window is over', () => {
        const pool = equalPool(6, p.minStake, 0, 0);
        const seating = new Seating(pool, p, uniform(5));
        expect(seating.round(new Uint8Array(6).fill(1, 0, 2))).toBeLessThanOrEqual(4);
        expect([...seating.seated.slice(0, 4)].every((node) => node >= 2)).toBe(true);
        expect(new Seating(pool, { ...p, seatWindow: 1 }, uniform(5)).round()).toBeLessThan(5);
    });

    it('grows when honest jurors judge too late for the pool', () => {
        const prompt = simulateRace(1_000, p.minStake, 1 / 3, 0, 2_000, 1, p);
        const late = simulateRace(1_000, p.minStake, 1 / 3, 600, 2_000, 1, p);
        expect(late.captured).toBeGreaterThan(prompt.captured + 0.3);
    });

    it('does not get better by withholding', () => {
        for (const share of [0.2, 1 / 3, 0.5]) {
            const more = { honesty: undefined };
            expect(capture('withhold', share, more).gain).toBeLessThan(capture('acquit', share, more).gain);
        }
    });

    it('loses money for who accuses the honest with a third of the stake', () => {
        const { wrong, gain } = capture('convict', 1 / 3);
        expect(wrong).toBeGreaterThan(0.15);
        expect(gain).toBeLessThan(-TON);
    });

    it('gives the same numbers for the same seed, and others for another', () => {
        expect(capture('acquit', 0.4)).toEqual(capture('acquit', 0.4));
        expect(capture('acquit', 0.4, { seed: 8 })).not.toEqual(capture('acquit', 0.4));
    });
});
