import type { Database } from '../db';
import { findKey, hashOfKey } from './store';
import type { ApiKey } from './types';

export interface KeyCacheOptions {
    database: Database;
    /** Milliseconds since the Unix epoch. */
    now?: () => number;
    /** A revoked key works for so long at most. */
    maxAgeMs?: number;
    maxEntries?: number;
}

type Entry = { key: ApiKey | undefined; readAt: number; refreshing: boolean };

/** Keys by the header that brought them, so that a request costs neither a hash nor a query. */
export class KeyCache {
    readonly #options: Required<KeyCacheOptions>;
    readonly #entries = new Map<string, Entry>();

    constructor({ database, now = Date.now, maxAgeMs = 10_000, maxEntries = 10_000 }: KeyCacheOptions) {
        this.#options = { database, now, maxAgeMs, maxEntries };
    }

    /** The key of an Authorization header, at once where it is known. */
    get(authorization: string | undefined): ApiKey | undefined | Promise<ApiKey | undefined> {
        if (authorization === undefined) return undefined;
        const entry = this.#entries.get(authorization);
        if (entry === undefined) return this.#read(authorization);
        const { now, maxAgeMs } = this.#options;
        const age = now() - entry.readAt;
        if (age < maxAgeMs / 2) return entry.key;
        if (age >= maxAgeMs) return this.#read(authorization);
        if (!entry.refreshing) {
            entry.refreshing = true;
            this.#read(authorization).catch(() => {
                entry.refreshing = false;
            });
        }
        return entry.key;
    }

    async #read(authorization: string): Promise<ApiKey | undefined> {
        const { database, now, maxEntries } = this.#options;
        const match = /^Bearer (\S+)$/i.exec(authorization);
        if (match === null) return undefined;
        const key = await findKey(database, hashOfKey(match[1]!));
        // Wrong keys are not kept for ever: whoever guesses must not fill the memory.
        if (this.#entries.size >= maxEntries) this.#entries.clear();
        this.#entries.set(authorization, { key, readAt: now(), refreshing: false });
        return key;
    }
}
