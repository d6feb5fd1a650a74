import { Refused } from './refused';
import type { VaultFacts } from './vault-facts';

export type ReadVault = (vault: string) => Promise<VaultFacts | undefined>;

export interface VaultCacheOptions {
    read: ReadVault;
    /** Unix milliseconds. */
    now: () => number;
    /** Most time that a call waits for the chain. */
    timeoutMs?: number;
}

/** Facts are read again after this share of the release delay: a release is seen long before it is over … */
const FRESH_SHARE = 1 / 8;
/** … and after these at the latest, and not before those, milliseconds. */
const LONGEST_FRESH_MS = 60_000;
const LEAST_FRESH_MS = 1_000;
/** Without the chain a known allocation is served for this share of the release delay, in which none can be released. */
const STALE_SHARE = 1 / 2;
/** What was not found, or not answered, is not asked again before this. */
const NEGATIVE_MS = 2_000;
/** Lookups at a time: a flood of invented vaults must not use up the RPC. */
const MAX_LOOKUPS = 64;
const TIMEOUT_MS = 10_000;
const MAX_VAULTS = 10_000;

interface Negative {
    until: number;
    refused: Refused;
}

/** What is known of vaults, each read by one call at a time; known ones are refreshed behind the back of requests. */
export class VaultCache {
    readonly #options: VaultCacheOptions;
    readonly #facts = new Map<string, VaultFacts>();
    readonly #negative = new Map<string, Negative>();
    readonly #reading = new Map<string, Promise<VaultFacts>>();

    constructor(options: VaultCacheOptions) {
        this.#options = options;
    }

    /** Facts that are good enough to serve by, at once; undefined where the chain must be asked first. */
    known(vault: string): VaultFacts | undefined {
        const facts = this.#facts.get(vault);
        if (!facts) return undefined;
        const age = this.#options.now() - facts.readAt;
        if (age > freshMs(facts)) this.refresh(vault).catch(() => undefined);
        return age <= STALE_SHARE * facts.releaseDelay * 1000 || age <= freshMs(facts) ? facts : undefined;
    }

    /** Throws {@link Refused}: `vault_unknown`, `chain_unavailable`. */
    async get(vault: string): Promise<VaultFacts> {
        const known = this.known(vault);
        if (known) return known;
        const negative = this.#negative.get(vault);
        if (negative && this.#options.now() < negative.until) throw negative.refused;
        return this.refresh(vault);
    }

    /** Asks the chain; callers at the same time share one call. Throws as `get` does. */
    refresh(vault: string): Promise<VaultFacts> {
        let reading = this.#reading.get(vault);
        if (!reading) {
            if (this.#reading.size >= MAX_LOOKUPS) return Promise.reject(unavailable());
            reading = this.#read(vault).finally(() => this.#reading.delete(vault));
            this.#reading.set(vault, reading);
        }
        return reading;
    }

    async #read(vault: string): Promise<VaultFacts> {
        let found: VaultFacts | undefined;
        try {
            found = await this.#inTime(this.#options.read(vault));
        } catch {
            throw this.#refuse(vault, unavailable());
        }
        this.#facts.delete(vault);
        if (!found) throw this.#refuse(vault, new Refused('vault_unknown', UNKNOWN));
        this.#negative.delete(vault);
        this.#facts.set(vault, found);
        dropOldest(this.#facts);
        return found;
    }

    #inTime<T>(answer: Promise<T>): Promise<T> {
        return new Promise((resolve, reject) => {
            const timer = setTimeout(
                () => reject(new Error('the chain does not answer')),
                this.#options.timeoutMs ?? TIMEOUT_MS,
            );
            answer.then(resolve, reject).finally(() => clearTimeout(timer));
        });
    }

    #refuse(vault: string, refused: Refused): Refused {
        this.#negative.set(vault, { until: this.#options.now() + NEGATIVE_MS, refused });
        dropOldest(this.#negative);
        return refused;
    }
}

const UNKNOWN = 'There is no open vault of this network at this address; wait for the chain, or open one.';

function freshMs({ releaseDelay }: VaultFacts): number {
    return Math.min(LONGEST_FRESH_MS, Math.max(LEAST_FRESH_MS, FRESH_SHARE * releaseDelay * 1000));
}

function unavailable(): Refused {
    return new Refused('chain_unavailable', 'The node cannot read the chain now; ask another node.');
}

function dropOldest(map: Map<string, unknown>): void {
    if (map.size <= MAX_VAULTS) return;
    const [oldest] = map.keys();
    map.delete(oldest!);
}
