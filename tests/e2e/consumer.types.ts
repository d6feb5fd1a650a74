// What an application may rely on at compile time; the compiler is the test (demo.spec.ts checks it against the packed
// types, `npm run typecheck` against the sources).
import type { Address, Cell } from '@ton/core';
import { type Cocoon, createCocoon, type JobRecord, type JobStore, TransactionFailedError } from 'cocoon-sdk';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(_value?: T): void => undefined;

export async function reads(cocoon: Cocoon): Promise<void> {
    const node = await cocoon.nodes.getNode({ node: 0 });
    holds<Same<typeof node.stake, bigint>>();
    const job = await cocoon.jobs.getJob({ job: cocoon.registry });
    if (job?.status === 'claimed') holds<Same<typeof job.deadline, number>>();
    // @ts-expect-error a job that was destroyed is null
    job.status;
}

export async function writes(cocoon: Cocoon): Promise<void> {
    const { answers, price } = await cocoon.jobs.runJob({
        modelId: 1n,
        items: [{ messages: [{ role: 'user', content: 'Hi' }] }],
        maxPrice: 1_000_000_000n,
        onProgress: (step, job) => {
            holds<Same<typeof step, 'posted' | 'claimed' | 'disclosed' | 'submitted' | 'paid'>>();
            holds<Same<typeof job, Address>>();
        },
    });
    holds<Same<typeof price, bigint>>();
    holds<Same<(typeof answers)[number]['text'], string>>();
    // @ts-expect-error amounts are bigint nanoTON
    await cocoon.jobs.runJob({ modelId: 1n, items: [], maxPrice: 0.5 });
    // @ts-expect-error every job says what it pays at most
    await cocoon.jobs.postJob({ modelId: 1n, items: [] });
}

export function stops(error: unknown): string | undefined {
    return error instanceof TransactionFailedError ? error.exitName : undefined;
}

export const store: JobStore = {
    get: async (): Promise<JobRecord | undefined> => undefined,
    set: async () => undefined,
    delete: async () => undefined,
    list: async () => [],
};

export function connects(body: Cell): Cocoon {
    // @ts-expect-error a registry is an address, not a cell
    createCocoon({ endpoint: 'http://localhost', registry: body });
    return createCocoon({ endpoint: 'http://localhost', registry: null });
}
