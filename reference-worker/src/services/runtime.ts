import { setMaxListeners } from 'node:events';
import type { Chain, ServedTerms } from '../chain';
import type { WorkerContext } from '../context';

/** What the services share while the worker runs. */
export class Runtime {
    /** Ends every call and wait: nothing may hold up the end of the process any longer. */
    readonly halt = new AbortController();
    readonly #listeners = new Set<() => void>();
    readonly #terms = new Map<bigint, ServedTerms>();
    #chain: Chain | undefined;

    constructor(readonly context: WorkerContext) {
        // As many calls and waits as there are follow it.
        setMaxListeners(0, this.halt.signal);
    }

    get chain(): Chain {
        if (!this.#chain) throw new Error('the chain service has not connected yet');
        return this.#chain;
    }

    get isConnected(): boolean {
        return this.#chain !== undefined;
    }

    connected(chain: Chain): void {
        this.#chain = chain;
    }

    /**
     * Terms that claimed jobs may be under: those that the node serves, and those that it served when this process
     * started. A claim outlives the dropping of its terms.
     */
    knownTerms(): ReadonlyMap<bigint, ServedTerms> {
        for (const [hash, terms] of this.chain.view.terms.served) this.#terms.set(hash, terms);
        return this.#terms;
    }

    /** Something changed in the journal or on chain: every loop looks whether there is work for it. */
    wake(): void {
        for (const listener of this.#listeners) listener();
    }

    /** Returns how to stop listening. */
    onWake(listener: () => void): () => void {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }
}

/** Resolves after `ms`, or as soon as the signal fires; never rejects. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
        const done = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', done);
            resolve();
        };
        const timer = setTimeout(done, ms);
        signal.addEventListener('abort', done, { once: true });
    });
}
