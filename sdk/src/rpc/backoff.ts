/** Milliseconds to wait before try `attempt` (0 for the first retry): doubled each time, capped, full jitter. */
export function backoffMs(attempt: number, baseMs: number, maxMs: number, random: () => number): number {
    const ceiling = Math.min(maxMs, baseMs * 2 ** attempt);
    // At least half, so that an unlucky draw does not retry at once.
    return ceiling / 2 + (ceiling / 2) * random();
}

/** Milliseconds that a Retry-After header asks for: seconds or an HTTP date. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
    if (header === null) return undefined;
    const seconds = Number(header);
    if (header.trim() !== '' && Number.isFinite(seconds)) {
        return Math.max(0, seconds * 1000);
    }
    const date = Date.parse(header);
    return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
