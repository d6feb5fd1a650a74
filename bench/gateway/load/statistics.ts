import type { Round } from './round';

/** What one target did under one load, over all its rounds. */
export interface Figures {
    readonly requests: number;
    readonly requestsPerSecond: number;
    /** Milliseconds to the end of an answer. */
    readonly p50: number;
    readonly p99: number;
    /** Milliseconds to the first byte of an answer, median. */
    readonly firstByteP50: number;
}

export function figuresOf(rounds: readonly Round[]): Figures {
    const total = sorted(rounds.flatMap((round) => round.total));
    const seconds = rounds.reduce((sum, round) => sum + round.seconds, 0);
    return {
        requests: total.length,
        requestsPerSecond: Math.round(total.length / seconds),
        p50: round(percentile(total, 0.5)),
        p99: round(percentile(total, 0.99)),
        firstByteP50: round(percentile(sorted(rounds.flatMap(({ firstByte }) => firstByte)), 0.5)),
    };
}

/** Of sorted values. */
function percentile(values: readonly number[], share: number): number {
    return values[Math.min(values.length - 1, Math.floor(values.length * share))]!;
}

/** The middle one of the rounds' ratios: one disturbed round does not decide. */
export function median(values: readonly number[]): number {
    return percentile(sorted(values), 0.5);
}

export function round(value: number): number {
    return Number(value.toFixed(3));
}

function sorted(values: readonly number[]): number[] {
    return [...values].sort((a, b) => a - b);
}
