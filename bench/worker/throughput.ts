import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { toNano } from '@ton/core';
import type { Cocoon, ChatRequest as JobRequest } from 'cocoon-sdk';
import {
    createLogger,
    createWorker,
    type Engine,
    loadSecrets,
    parseConfig,
    type Worker,
} from 'cocoon-worker';
import { workerConfig } from '../../reference-worker/tests/helpers/worker-config';
import type { NetworkReady } from './network-process';
import { postBatch } from './posting';

export interface Throughput {
    /** Tokens per second, prompt and completion. */
    bareTokensPerSecond: number;
    workerTokensPerSecond: number;
    /** Median of the rounds. */
    ratio: number;
    rounds: number;
    tokensPerRound: number;
}

interface Round {
    tokens: number;
    bareSeconds: number;
    workerSeconds: number;
}

/** Answers of a hundred tokens, as chats have them: what a job costs beside its tokens is spread over them. */
const QUESTIONS = [
    'Tell me a long story.',
    'Tell me a story about a fox.',
    'Tell me a long story about rain.',
];

/**
 * The same requests on the same engine, through the worker and bare, one right beside the other: whatever else runs on
 * the machine slows both alike. The worker's time is all that passes from the moment a claimed job's key is there until
 * its sealed result is durable, so with decryption, checks, progress, sealing and journal, less the bare requests.
 */
export async function measureThroughput(
    network: NetworkReady,
    client: Cocoon,
    directory: string,
    options: { rounds: number; items: number; maxTokens: number },
): Promise<Throughput> {
    const node = network.nodes[0]!;
    mkdirSync(join(directory, 'results'), { recursive: true });
    const config = parseConfig({
        ...workerConfig({ url: network.url, registry: { toString: () => network.registry } as never }, node),
        models: [
            {
                name: 'tiny-demo',
                manifest: 'embedded:tiny-demo',
                engine: { type: 'llama', path: 'embedded:tiny-demo', contextSize: 1024 },
                pricing: {},
            },
        ],
        results: { publish: { directory: 'results', baseUrl: 'https://node.example/' } },
        journal: { path: 'throughput.db' },
    });
    config.network.pollSeconds = 2;
    const worker = await createWorker({
        config,
        secrets: loadSecrets(undefined, directory, node.environment),
        logger: await createLogger({ level: 'silent', pretty: false }),
        directory,
    });
    const stop = new AbortController();
    const running = worker.run(stop.signal);
    try {
        const [model] = worker.context.models.values();
        const items = requests(options);
        const modelId = BigInt(`0x${model!.modelId}`);
        const order = { modelId, items, maxPrice: toNano('1'), collateral: 0n };
        const rounds: Round[] = [];
        // The first round warms everything up and does not count.
        for (let round = 0; round <= options.rounds; round++) {
            const done = measureRound(worker, model as { engine: Engine });
            await postBatch(client, node.index, order, 1);
            rounds.push(await done);
        }
        return summary(rounds.slice(1));
    } finally {
        stop.abort();
        await running;
        await worker.close();
    }
}

function requests({ items, maxTokens }: { items: number; maxTokens: number }): JobRequest[] {
    return Array.from({ length: items }, (_, index) => ({
        messages: [{ role: 'user' as const, content: QUESTIONS[index % QUESTIONS.length]! }],
        max_tokens: maxTokens,
        temperature: 1,
        seed: index,
    }));
}

/** Measures the worker's next job, with a bare request beside each of its own. */
async function measureRound(worker: Worker, model: { engine: Engine }): Promise<Round> {
    const { engine } = model;
    const round: Round = { tokens: 0, bareSeconds: 0, workerSeconds: 0 };
    let calls = 0;
    const bare = async (request: Parameters<Engine['complete']>[0]) => {
        const started = performance.now();
        await engine.complete(request);
        round.bareSeconds += (performance.now() - started) / 1000;
    };
    model.engine = {
        name: engine.name,
        capacity: engine.capacity,
        supports: engine.supports,
        stream: (request, options) => engine.stream(request, options),
        countPromptTokens: (request) => engine.countPromptTokens(request),
        health: () => engine.health(),
        close: () => engine.close(),
        // By turns before and after, so that neither always finds the warmer cache.
        async complete(request, options) {
            const first = calls++ % 2 === 0;
            if (first) await bare(request);
            const completion = await engine.complete(request, options);
            if (!first) await bare(request);
            return completion;
        },
    };
    const { tokens, seconds } = await nextJob(worker);
    model.engine = engine;
    return { ...round, tokens, workerSeconds: seconds - round.bareSeconds };
}

/** Watches the journal of a worker for its next job: from the key to the durable result. */
function nextJob({ context: { journal } }: Worker): Promise<{ tokens: number; seconds: number }> {
    return new Promise((resolve) => {
        let started = 0;
        const transition = journal.jobs.transition.bind(journal.jobs);
        const recordResult = journal.recordResult.bind(journal);
        journal.jobs.transition = (job, from, to, details) => {
            transition(job, from, to, details);
            if (to === 'executing') started = performance.now();
        };
        journal.recordResult = (job, result) => {
            recordResult(job, result);
            const seconds = (performance.now() - started) / 1000;
            journal.jobs.transition = transition;
            journal.recordResult = recordResult;
            resolve({ tokens: result.usage.promptTokens + result.usage.completionTokens, seconds });
        };
    });
}

function summary(rounds: Round[]): Throughput {
    const sum = (pick: keyof Round) => rounds.reduce((total, round) => total + round[pick], 0);
    const ratios = rounds.map(({ bareSeconds, workerSeconds }) => bareSeconds / workerSeconds);
    ratios.sort((a, b) => a - b);
    return {
        bareTokensPerSecond: Math.round(sum('tokens') / sum('bareSeconds')),
        workerTokensPerSecond: Math.round(sum('tokens') / sum('workerSeconds')),
        ratio: Number(ratios[Math.floor(ratios.length / 2)]!.toFixed(4)),
        rounds: rounds.length,
        tokensPerRound: rounds[0]!.tokens,
    };
}
