import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { toNano } from '@ton/core';
import type { Cocoon } from 'cocoon-sdk';
import { NULL_MODEL, workerConfig } from '../../reference-worker/tests/helpers/worker-config';
import type { NetworkReady } from './network-process';
import { fundedClient, postBatch } from './posting';
import { ask, startProcess, stopProcess } from './process';
import type { MemorySample } from './worker-process';

export interface JobsMeasured {
    jobs: number;
    /** Posted to paid, on a local network, all in one. */
    jobsPerSecond: number;
    seconds: number;
    /** Means of the first and last third of the jobs, bytes. */
    heap: { first: number; last: number };
    rss: { first: number; last: number };
    memoryFlat: boolean;
}

/** Jobs in one message of a client: 64 KB is the most that a message may have. */
const BATCH = 10;
const CLIENTS = 4;
/** Jobs posted but not paid: enough that the worker never waits for a client. */
const AHEAD = 120;
const SAMPLES = 30;
/** Growth that caches and fragmentation may show, as a share and in bytes. */
const HEAP_GROWTH = { share: 0.1, bytes: 4e6 };
const RSS_GROWTH = { share: 0.15, bytes: 24e6 };

/** Has a worker with the null engine do many small jobs, each finalised by itself, and watches its memory. */
export async function measureJobs(
    network: NetworkReady,
    directory: string,
    jobs: number,
    progress: (done: number) => void,
): Promise<JobsMeasured> {
    const node = network.nodes[1]!;
    const clients: Cocoon[] = [];
    for (let i = 0; i < CLIENTS; i++) {
        clients.push(await fundedClient(network, 10 + i, toNano('2') * BigInt(jobs)));
    }
    const config = workerConfig(
        { url: network.url, registry: { toString: () => network.registry } as never },
        node,
        {
            policy: { maxConcurrentJobs: 60, minExecutionSeconds: 1 },
            journal: { path: join(directory, 'jobs.db') },
            log: { level: 'silent' },
        },
    );
    const worker = await startProcess('worker-process.ts', { config, directory }, node.environment);
    try {
        return await drive(worker.process, clients, node.index, jobs, progress);
    } finally {
        await stopProcess(worker.process);
    }
}

async function drive(
    worker: ChildProcess,
    clients: Cocoon[],
    node: number,
    jobs: number,
    progress: (done: number) => void,
): Promise<JobsMeasured> {
    const order = {
        modelId: BigInt(`0x${NULL_MODEL}`),
        items: [{ messages: [{ role: 'user' as const, content: 'hello' }] }],
        maxPrice: toNano('0.1'),
        collateral: 0n,
        reviewWindow: 1,
    };
    const samples: (MemorySample & { done: number })[] = [];
    const started = performance.now();
    const paid = async () => (await clients[0]!.nodes.getNode({ node })).counters.paid;
    let posted = 0;
    let done = 0;
    while (done < jobs) {
        while (posted < jobs && posted - done < AHEAD) {
            const batches = clients.map((client) => {
                const count = Math.min(BATCH, jobs - posted);
                posted += count;
                return count > 0 ? postBatch(client, node, order, count) : undefined;
            });
            await Promise.all(batches);
        }
        await new Promise((resolve) => setTimeout(resolve, 300));
        done = await paid();
        if (done >= (samples.length * jobs) / SAMPLES) {
            samples.push({ done, ...(await ask<MemorySample>(worker, 'memory')) });
            progress(done);
        }
    }
    const seconds = (performance.now() - started) / 1000;
    return { jobs, seconds: round(seconds), jobsPerSecond: round(jobs / seconds), ...memory(samples, jobs) };
}

function memory(samples: (MemorySample & { done: number })[], jobs: number) {
    const mean = (of: 'heap' | 'rss', from: number, to: number) => {
        const values = samples.filter(({ done }) => done > from && done <= to).map((sample) => sample[of]);
        return Math.round(values.reduce((sum, value) => sum + value, 0) / values.length);
    };
    // Start-up is not growth: what comes before the first jobs are done is left out.
    const begin = jobs / 10;
    const third = (jobs - begin) / 3;
    const of = (name: 'heap' | 'rss') => ({
        first: mean(name, begin, begin + third),
        last: mean(name, jobs - third, jobs),
    });
    const [heap, rss] = [of('heap'), of('rss')];
    const flat = isFlat(heap, HEAP_GROWTH) && isFlat(rss, RSS_GROWTH);
    return { heap, rss, memoryFlat: flat };
}

function isFlat(
    { first, last }: { first: number; last: number },
    limit: { share: number; bytes: number },
): boolean {
    return last - first <= Math.max(limit.share * first, limit.bytes);
}

function round(value: number): number {
    return Number(value.toFixed(2));
}
