import { createHash } from 'node:crypto';

/** PostgreSQL names advisory locks by a signed 64-bit number. */
export function lockNumber(name: string): bigint {
    return createHash('sha256').update(`cocoon gateway lock ${name}`).digest().readBigInt64BE();
}

/** Tasks of one name go one after another, within this process. */
export class NamedMutex {
    readonly #tails = new Map<string, Promise<unknown>>();

    async run<T>(name: string, task: () => Promise<T>): Promise<T> {
        const previous = this.#tails.get(name) ?? Promise.resolve();
        const result = previous.then(task, task);
        const tail = result.catch(() => undefined);
        this.#tails.set(name, tail);
        try {
            return await result;
        } finally {
            if (this.#tails.get(name) === tail) this.#tails.delete(name);
        }
    }
}
