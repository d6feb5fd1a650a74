import { ApiError } from './http/api-error';

/** Requests for inference that run now, counted so that a drain can wait for them and a flood is refused. */
export class Running {
    readonly #limit: number;
    readonly #idle = new Set<() => void>();
    readonly #force = new AbortController();
    #count = 0;
    #draining = false;

    /** @param limit most at a time; 0: any number. */
    constructor(limit: number) {
        this.#limit = limit;
    }

    get count(): number {
        return this.#count;
    }

    get draining(): boolean {
        return this.#draining;
    }

    /** Aborts when a drain took too long: every request ends then. */
    get force(): AbortSignal {
        return this.#force.signal;
    }

    /** Throws ApiError `draining` or `gateway_busy`. */
    enter(): void {
        if (this.#draining) throw new ApiError('draining', { retryAfterSeconds: 1 });
        if (this.#limit > 0 && this.#count >= this.#limit)
            throw new ApiError('gateway_busy', { retryAfterSeconds: 1 });
        this.#count++;
    }

    leave(): void {
        this.#count--;
        if (this.#count > 0) return;
        for (const resolve of this.#idle) resolve();
        this.#idle.clear();
    }

    /** Lets nobody in any more, and resolves when all are out. When `force` fires they are thrown out. */
    async drain(force: AbortSignal): Promise<void> {
        this.#draining = true;
        const cut = () => this.#force.abort();
        force.addEventListener('abort', cut, { once: true });
        if (force.aborted) cut();
        if (this.#count > 0) await new Promise<void>((resolve) => this.#idle.add(resolve));
        force.removeEventListener('abort', cut);
    }
}
