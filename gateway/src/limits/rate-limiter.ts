import { ApiError } from '../http/api-error';
import type { ApiKey } from '../keys';
import { Bucket } from './bucket';

export interface RateLimiterOptions {
    /** Gateways that share the limits; each grants its part. */
    peers: () => number;
    /** Milliseconds, never set back. */
    now?: () => number;
}

type Buckets = { share: string; requests: Bucket | undefined; tokens: Bucket | undefined };

/** Requests and tokens per minute of each key, in memory: each of n processes grants one n-th. */
export class RateLimiter {
    readonly #peers: () => number;
    readonly #now: () => number;
    readonly #keys = new Map<string, Buckets>();

    constructor({ peers, now = () => performance.now() }: RateLimiterOptions) {
        this.#peers = peers;
        this.#now = now;
    }

    /** Takes one request. Throws ApiError `rate_limit_exceeded`. */
    admit(key: ApiKey): void {
        if (key.requestsPerMinute === null && key.tokensPerMinute === null) return;
        const now = this.#now();
        const { requests, tokens } = this.#bucketsOf(key, now);
        // Tokens are taken afterwards, so that room for one is enough.
        const wait = Math.max(requests?.secondsUntil(1, now) ?? 0, tokens?.secondsUntil(1, now) ?? 0);
        if (wait > 0) throw new ApiError('rate_limit_exceeded', { retryAfterSeconds: Math.max(1, wait) });
        requests?.take(1, now);
    }

    /** Books tokens of an answer. */
    spend(key: ApiKey, tokens: number): void {
        if (key.tokensPerMinute === null) return;
        const now = this.#now();
        this.#bucketsOf(key, now).tokens?.take(tokens, now);
    }

    #bucketsOf(key: ApiKey, now: number): Buckets {
        const peers = this.#peers();
        const share = `${key.requestsPerMinute}/${key.tokensPerMinute}/${peers}`;
        const known = this.#keys.get(key.id);
        if (known?.share === share) return known;
        const part = (limit: number | null) =>
            limit === null ? undefined : new Bucket(Math.max(1, limit / peers), now);
        const fresh = { share, requests: part(key.requestsPerMinute), tokens: part(key.tokensPerMinute) };
        // A changed limit is no reason to forget what was used under the old one.
        if (known?.requests && fresh.requests) carryOver(known.requests, fresh.requests, now);
        if (known?.tokens && fresh.tokens) carryOver(known.tokens, fresh.tokens, now);
        this.#keys.set(key.id, fresh);
        return fresh;
    }
}

function carryOver(from: Bucket, to: Bucket, now: number): void {
    to.take(to.perMinute * (1 - from.level(now) / from.perMinute), now);
}
