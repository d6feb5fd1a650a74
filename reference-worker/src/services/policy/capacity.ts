interface Waiter {
    grant: () => void;
}

/**
 * What one engine can run at a time, shared by jobs and sessions. Items of jobs wait their turn; requests of sessions,
 * for which somebody waits at a screen, get a slot at once or are refused, and some slots are kept for them.
 */
export class Capacity {
    readonly total: number;
    readonly #forJobs: number;
    readonly #waiting: Waiter[] = [];
    #sessions = 0;
    #jobs = 0;

    /** @param reserved slots that jobs never take; at least one is left to them. */
    constructor(total: number, reserved = 0) {
        this.total = total;
        this.#forJobs = Math.max(1, total - reserved);
    }

    get running(): number {
        return this.#sessions + this.#jobs;
    }

    get sessions(): number {
        return this.#sessions;
    }

    /** Takes a slot for a session, to be given back with {@link freeSession}. False when none is free. */
    takeSession(): boolean {
        if (this.running >= this.total) return false;
        this.#sessions += 1;
        return true;
    }

    freeSession(): void {
        this.#sessions -= 1;
        this.#next();
    }

    /** Runs an item of a job as soon as there is room for it. Throws the signal's reason when it fires before. */
    async useForJob<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
        if (this.#hasRoom() && this.#waiting.length === 0) this.#jobs += 1;
        else await this.#wait(signal);
        try {
            return await task();
        } finally {
            this.#jobs -= 1;
            this.#next();
        }
    }

    #hasRoom(): boolean {
        return this.#jobs < this.#forJobs && this.running < this.total;
    }

    #next(): void {
        while (this.#waiting.length > 0 && this.#hasRoom()) {
            this.#jobs += 1;
            this.#waiting.shift()!.grant();
        }
    }

    #wait(signal: AbortSignal): Promise<void> {
        return new Promise((resolve, reject) => {
            const onAbort = () => {
                this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
                reject(signal.reason);
            };
            const waiter: Waiter = {
                grant: () => {
                    signal.removeEventListener('abort', onAbort);
                    resolve();
                },
            };
            if (signal.aborted) return reject(signal.reason);
            this.#waiting.push(waiter);
            signal.addEventListener('abort', onAbort, { once: true });
        });
    }
}
