import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toNano } from '@ton/core';
import { modelIdOf, readManifest } from 'cocoon-worker';
import { NULL_MODEL } from '../../reference-worker/tests/helpers/worker-config';
import { type JobsMeasured, measureJobs } from './jobs';
import type { NetworkReady } from './network-process';
import { fundedClient } from './posting';
import { startProcess, stopProcess } from './process';
import { measureThroughput, type Throughput } from './throughput';

// What the worker costs on top of its engine, how many jobs a second it gets through, and whether its memory stays flat.
//
//   npm run bench:worker             10,000 jobs; takes several minutes
//   npm run bench:worker -- --quick  300 jobs
//   npm run bench:worker -- --only=throughput, --only=jobs
//   npm run bench:worker -- --json   the last line is one JSON object
//
// Exits with 1 when a gate fails.

/** Tokens a second through the worker to those of the bare engine. The median of a quick run's five rounds scatters more. */
const LEAST_RATIO = { full: 0.97, quick: 0.93 };
const MANIFEST = join(__dirname, '../../reference-worker/models/tiny-demo.manifest.json');

async function main(options: Set<string>): Promise<void> {
    const quick = options.has('--quick');
    const directory = mkdtempSync(join(tmpdir(), 'cocoon-bench-'));
    const modelIds = [modelIdOf(readManifest(MANIFEST)), NULL_MODEL];
    const network = await startProcess<NetworkReady>('network-process.ts', { modelIds });
    try {
        const throughput = options.has('--only=jobs')
            ? undefined
            : await throughputOf(network.first, directory, quick);
        const jobs = options.has('--only=throughput')
            ? undefined
            : await jobsOf(network.first, directory, quick);
        const failures = gates(throughput, jobs, LEAST_RATIO[quick ? 'quick' : 'full']);
        for (const failure of failures) process.stderr.write(`FAILED ${failure}\n`);
        if (failures.length > 0) process.exitCode = 1;
        if (options.has('--json')) {
            process.stdout.write(`${JSON.stringify({ throughput, jobs, passed: failures.length === 0 })}\n`);
        }
    } finally {
        await stopProcess(network.process);
        rmSync(directory, { recursive: true, force: true });
    }
}

async function throughputOf(network: NetworkReady, directory: string, quick: boolean): Promise<Throughput> {
    const client = await fundedClient(network, 1, toNano('1000'));
    const options = { rounds: quick ? 5 : 11, items: 48, maxTokens: 200 };
    const throughput = await measureThroughput(network, client, directory, options);
    reportThroughput(throughput);
    return throughput;
}

async function jobsOf(network: NetworkReady, directory: string, quick: boolean): Promise<JobsMeasured> {
    const progress = (done: number) => void process.stderr.write(`\r${done} jobs `);
    const jobs = await measureJobs(network, directory, quick ? 300 : 10_000, progress);
    reportJobs(jobs);
    return jobs;
}

function gates(
    throughput: Throughput | undefined,
    jobs: JobsMeasured | undefined,
    leastRatio: number,
): string[] {
    const failures = [];
    if (throughput && throughput.ratio < leastRatio) {
        failures.push(
            `tokens/s through the worker are ${throughput.ratio} of the bare engine's, not ${leastRatio}`,
        );
    }
    if (jobs && !jobs.memoryFlat) {
        failures.push(`memory grew: ${JSON.stringify({ heap: jobs.heap, rss: jobs.rss })}`);
    }
    return failures;
}

function reportThroughput({ bareTokensPerSecond, workerTokensPerSecond, ratio }: Throughput): void {
    process.stdout.write(
        `engine alone ${bareTokensPerSecond} tokens/s, through the worker ${workerTokensPerSecond} tokens/s, ratio ${ratio}\n`,
    );
}

function reportJobs({ jobs, jobsPerSecond, seconds, heap, rss }: JobsMeasured): void {
    const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
    process.stdout.write(
        `\n${jobs} jobs in ${seconds} s: ${jobsPerSecond} a second; heap ${mb(heap.first)} → ${mb(heap.last)}, resident ${mb(rss.first)} → ${mb(rss.last)}\n`,
    );
}

main(new Set(process.argv.slice(2))).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 1;
});
