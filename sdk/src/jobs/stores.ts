import { Mutex } from '../utils';
import type { JobRecord, JobStore } from './record';

/** Keeps secrets in memory: a crash loses them. For tests, and for tools that wait for their jobs. */
export function memoryJobStore(): JobStore {
    const records = new Map<string, JobRecord>();
    return {
        get: async (job) => records.get(job),
        set: async (job, record) => {
            records.set(job, record);
        },
        delete: async (job) => {
            records.delete(job);
        },
        list: async () => [...records.keys()],
    };
}

/** Strings by key, synchronous or not: `localStorage` is one; so is a folder or a database behind three functions. */
export interface TextStore {
    getItem(key: string): string | null | undefined | Promise<string | null | undefined>;
    setItem(key: string, value: string): void | Promise<void>;
    removeItem(key: string): void | Promise<void>;
}

/**
 * Keeps secrets as JSON in any store of strings, under `<prefix><job>` and an index under `<prefix>index`.
 * One process at a time should use one prefix. Encrypt in `setItem` where the store is not private.
 */
export function jsonJobStore(texts: TextStore, prefix = 'cocoon:job:'): JobStore {
    const mutex = new Mutex();
    const indexKey = `${prefix}index`;
    const readIndex = async (): Promise<string[]> => JSON.parse((await texts.getItem(indexKey)) ?? '[]');
    const changeIndex = async (change: (jobs: Set<string>) => void) => {
        const jobs = new Set(await readIndex());
        change(jobs);
        await texts.setItem(indexKey, JSON.stringify([...jobs]));
    };
    return {
        async get(job) {
            const text = await texts.getItem(prefix + job);
            return text ? (JSON.parse(text) as JobRecord) : undefined;
        },
        set: (job, record) =>
            mutex.run(async () => {
                await texts.setItem(prefix + job, JSON.stringify(record));
                await changeIndex((jobs) => jobs.add(job));
            }),
        delete: (job) =>
            mutex.run(async () => {
                await changeIndex((jobs) => jobs.delete(job));
                await texts.removeItem(prefix + job);
            }),
        list: () => mutex.run(readIndex),
    };
}
