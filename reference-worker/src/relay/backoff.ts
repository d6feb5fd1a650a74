const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/**
 * Milliseconds to wait before attempt `attempt` (0, 1, …) to connect again: doubling, up to a minute, and anywhere in the
 * upper half, so that nodes do not come back to a restarted relay all at once.
 */
export function reconnectDelay(attempt: number, random: () => number): number {
    const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
    return Math.round(most / 2 + (most / 2) * random());
}
