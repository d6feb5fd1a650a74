import { AbortedError } from '../errors';
import { type Clock, systemClock } from '../utils';
import { backoffMs } from './backoff';
import { createEndpoints, type Endpoint, type EndpointConfig, pickEndpoint } from './endpoint';
import { RpcError, RpcRateLimitedError, RpcTimeoutError, RpcUnreachableError } from './errors';
import { callOnce } from './http';
import { RateLimiter } from './rate-limiter';

export type JsonRpcOptions = {
    /** toncenter v2 JSON-RPC URLs, the preferred one first. */
    endpoints: readonly (string | EndpointConfig)[];
    /** For endpoints that have no key of their own. */
    apiKey?: string;
    /** For one HTTP request; 10 s by default. */
    timeoutMs?: number;
    /** Tries after the first one; 5 by default. */
    retries?: number;
    /** Most HTTP requests a second, over all endpoints; no limit by default. toncenter.com without a key allows 1. */
    ratePerSecond?: number;
    /** Wait before the first retry, doubled for each further one; 250 ms by default. */
    backoffBaseMs?: number;
    /** How long a failing endpoint is not used while another one is; 30 s by default. */
    coolDownMs?: number;
    fetch?: typeof fetch;
    clock?: Clock;
    /** Uniform in [0, 1), for jitter. */
    random?: () => number;
    /** Ends all calls. */
    signal?: AbortSignal;
};

const MAX_BACKOFF_MS = 10_000;

/** JSON-RPC with retries, rate limit and failover. */
export class JsonRpc {
    private readonly endpoints: readonly Endpoint[];
    private readonly limiter: RateLimiter | undefined;
    private readonly clock: Clock;

    constructor(private readonly options: JsonRpcOptions) {
        this.endpoints = createEndpoints(options.endpoints, options.apiKey);
        this.clock = options.clock ?? systemClock;
        this.limiter = options.ratePerSecond ? new RateLimiter(options.ratePerSecond, this.clock) : undefined;
    }

    /**
     * Calls until an endpoint answers or the retries are used up; then throws the last RpcError.
     * `onRetry` hears of each failure that is followed by another try.
     */
    async call(
        method: string,
        params: Record<string, unknown>,
        onRetry?: (error: RpcError) => void,
    ): Promise<unknown> {
        const retries = this.options.retries ?? 5;
        for (let attempt = 0; ; attempt++) {
            const endpoint = pickEndpoint(this.endpoints, this.clock.now());
            try {
                return await this.callEndpoint(endpoint, method, params);
            } catch (error) {
                if (this.options.signal?.aborted) throw new AbortedError(undefined, { cause: error });
                if (!(error instanceof RpcError) || !error.retryable || attempt >= retries) throw error;
                onRetry?.(error);
                this.coolDown(endpoint, error);
                await this.waitBeforeRetry(attempt, error);
            }
        }
    }

    private async callEndpoint(
        endpoint: Endpoint,
        method: string,
        params: Record<string, unknown>,
    ): Promise<unknown> {
        await this.limiter?.wait(this.options.signal);
        return callOnce({
            endpoint,
            method,
            params,
            fetch: this.options.fetch ?? globalThis.fetch,
            timeoutMs: this.options.timeoutMs ?? 10_000,
            now: () => this.clock.now(),
            signal: this.options.signal,
        });
    }

    /** An endpoint that cannot be reached or asks to wait makes room; one that answers with an error does not. */
    private coolDown(endpoint: Endpoint, error: RpcError): void {
        const coolDownMs = this.options.coolDownMs ?? 30_000;
        if (error instanceof RpcUnreachableError || error instanceof RpcTimeoutError) {
            endpoint.coolUntil = this.clock.now() + coolDownMs;
        } else if (error instanceof RpcRateLimitedError) {
            endpoint.coolUntil = this.clock.now() + (error.retryAfterMs ?? coolDownMs / 10);
        }
    }

    private async waitBeforeRetry(attempt: number, error: RpcError): Promise<void> {
        const now = this.clock.now();
        const next = pickEndpoint(this.endpoints, now);
        const failed = error instanceof RpcUnreachableError || error instanceof RpcTimeoutError;
        if (next.coolUntil <= now && (failed || error instanceof RpcRateLimitedError)) {
            return; // Another endpoint is ready: no reason to wait.
        }
        const pause = backoffMs(
            attempt,
            this.options.backoffBaseMs ?? 250,
            MAX_BACKOFF_MS,
            this.options.random ?? Math.random,
        );
        const asked = error instanceof RpcRateLimitedError ? Math.max(0, next.coolUntil - now) : 0;
        await this.clock.sleep(Math.max(pause, Math.min(asked, MAX_RETRY_AFTER_MS)), this.options.signal);
    }
}

/** A Retry-After beyond this is not waited for in full: the next answer tells again. */
const MAX_RETRY_AFTER_MS = 60_000;
