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
    /** The best round through the worker against the best of the bare engine: other load only ever adds time. */
    ratio: number;
    rounds: number;
    tokensPerRound: number;
}

interface Measured {
    tokens: number;
    seconds: number;
}

/** Answers of a hundred tokens, as chats have them: what a job costs beside its tokens is spread over them. */
const QUESTIONS = [
    'Tell me a long story.',
    'Tell me a story about a fox.',
    'Tell me a long story about rain.',
];

/**
 * The same requests on the same engine, by turns bare and through the worker: from the moment a claimed job's key is
 * there until its sealed result is durable, so with decryption, checks, progress, sealing and journal, and the worker's
 * other services running.
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
        const rounds: { bare: Measured; worker: Measured }[] = [];
        // The first round warms both up and does not count.
        for (let round = 0; round <= options.rounds; round++) {
            const bare = await onBareEngine(model!.engine, items);
            const done = throughWorker(worker);
            await postBatch(client, node.index, order, 1);
            rounds.push({ bare, worker: await done });
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

async function onBareEngine(engine: Engine, items: readonly JobRequest[]): Promise<Measured> {
    const started = performance.now();
    const queue = items.values();
    let tokens = 0;
    const lane = async () => {
        for (const { messages, max_tokens, temperature, seed } of queue) {
            const { usage } = await engine.complete({
                messages: [...messages],
                maxTokens: max_tokens,
                temperature,
                seed,
            });
            tokens += usage.promptTokens + usage.completionTokens;
        }
    };
    await Promise.all(Array.from({ length: engine.capacity }, lane));
    return { tokens, seconds: (performance.now() - started) / 1000 };
}

/** Watches the journal of a worker for its next job: from the key to the durable result. */
function throughWorker({ context: { journal } }: Worker): Promise<Measured> {
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

/** Rates of the best rounds: what else runs on the machine makes rounds slower, never faster. */
function summary(rounds: { bare: Measured; worker: Measured }[]): Throughput {
    const best = (pick: 'bare' | 'worker') =>
        Math.max(...rounds.map(({ [pick]: { tokens, seconds } }) => tokens / seconds));
    return {
        bareTokensPerSecond: Math.round(best('bare')),
        workerTokensPerSecond: Math.round(best('worker')),
        ratio: Number((best('worker') / best('bare')).toFixed(4)),
        rounds: rounds.length,
        tokensPerRound: rounds[0]!.worker.tokens,
    };
}
