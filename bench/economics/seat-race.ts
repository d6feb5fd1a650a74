import type { Parameters } from './parameters';
import { uniform } from './random';
import { equalPool, Seating } from './seats';

// Seats go to the first: what a coalition gains by knowing its votes before anybody has judged, and how long a round takes,
// against the size of the pool and the seat rate.

export interface Race {
    nodes: number;
    judging: number;
    /** Share of rounds in which the coalition has the majority of all seats. */
    captured: number;
    /** Share of rounds that find all jurors within the window. */
    filled: number;
    /** Average seconds until the last seat of those. */
    seconds: number;
}

export function simulateRace(
    nodes: number,
    stake: number,
    share: number,
    judging: number,
    rounds: number,
    seed: number,
    p: Pick<Parameters, 'jurors' | 'seatRate' | 'seatWindow'>,
): Race {
    const pool = equalPool(nodes, stake, share, judging);
    const seating = new Seating(pool, p, uniform(seed));
    let [captured, filled, seconds] = [0, 0, 0];
    for (let i = 0; i < rounds; i++) {
        if (seating.round() < p.jurors) continue;
        filled++;
        seconds += seating.lastAt;
        let own = 0;
        for (const node of seating.seated) own += pool.hostile[node]!;
        if (2 * own > p.jurors) captured++;
    }
    return {
        nodes,
        judging,
        captured: captured / rounds,
        filled: filled / rounds,
        seconds: seconds / filled,
    };
}
