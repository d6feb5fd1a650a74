import { createHash } from 'node:crypto';
import type { LlamaEngineConfig } from '../../src/config';
import { type ChatRequest, type Completion, LlamaEngine } from '../../src/engines';
import { resolveModelPath } from '../../src/models';

/**
 * Runs the real engine with the embedded model and prints what it did as one JSON line. A process of its own, because
 * Jest's module loader cannot import node-llama-cpp.
 */
const config = (changes: Partial<LlamaEngineConfig> = {}): LlamaEngineConfig => ({
    type: 'llama',
    contextSize: 1024,
    contexts: 3,
    threads: 1,
    gpu: false,
    embeddings: true,
    ...changes,
});
const path = resolveModelPath('embedded:tiny-demo', 'weights', '.');
const ask = (content: string, changes: Partial<ChatRequest> = {}): ChatRequest => ({
    messages: [{ role: 'user', content }],
    maxTokens: 160,
    ...changes,
});
const QUESTIONS = [
    ...[
        'What is TON?',
        'Tell me a story about a cat.',
        'Tell me a story about a dog.',
        'Count to 15',
        'Who are you?',
    ],
    ...[
        'What is 34 + 57?',
        'Explain how blockchains work',
        'Tell me a story about a robot named Leo',
        'List 5 fruits',
    ],
    ...['Write a short story about a brave fox', 'What is the capital of Japan?', 'zzz qqq'],
];
const caught = (error: { code?: string }) => error.code;

const engine = await LlamaEngine.open(path, config());
const story = ask('Tell me a story about a dog.');

const sequential: string[] = [];
for (const question of QUESTIONS) sequential.push((await engine.complete(ask(question))).tokenIds.join());
const digest = createHash('sha256').update(sequential.join('\n')).digest('hex');
if (process.argv[2] === 'digest') {
    await engine.close();
    process.stdout.write(`${JSON.stringify({ digest })}\n`);
    process.exit();
}
let mixed = 0;
for (let round = 0; round < 2; round++) {
    const answers = await Promise.all(QUESTIONS.map((question) => engine.complete(ask(question))));
    mixed += answers.filter(({ tokenIds }, index) => tokenIds.join() !== sequential[index]).length;
}

const streamed: string[] = [];
const paris = await engine.complete(ask('What is the capital of France?', { topLogprobs: 3 }), {
    onToken: (text) => streamed.push(text),
});
const samples = await Promise.all(
    [7, 7, 8].map((seed) => engine.complete({ ...story, temperature: 1, seed }).then(({ text }) => text)),
);
const drawn = await engine.complete({ ...story, temperature: 1 });
const again = await engine.complete({ ...story, temperature: 1, seed: drawn.seed });

const stop = new AbortController();
let tokens = 0;
const aborted = await engine.complete(story, {
    signal: stop.signal,
    onToken: () => ++tokens === 5 && stop.abort(),
});
const blockers = [1, 2, 3].map(() => engine.complete(story));
const waitingStop = new AbortController();
const waiting = engine.complete(story, { signal: waitingStop.signal }).catch(caught);
waitingStop.abort();
const waitingCode = await waiting;
await Promise.all(blockers);

const long = 'word '.repeat(2000);
const tooLong = await engine.complete(ask(long)).catch(caught);
const small = await LlamaEngine.open(path, config({ contextSize: 256, contexts: 1 }));
/** The longest prompt that still leaves room: its answer ends because the context is full. */
async function fillContext(): Promise<Completion> {
    const padded = (words: number, maxTokens: number) =>
        small.complete({
            messages: [{ role: 'system', content: 'cat '.repeat(words) }, ...story.messages],
            maxTokens,
        });
    let fits = 1;
    for (let step = 128; step >= 1; step /= 2) {
        const tried = await padded(fits + step, 1).catch(caught);
        if (tried !== 'context_too_long') fits += step;
    }
    return padded(fits, 5000);
}
const filled = await fillContext();
const exact = await small.complete({ messages: story.messages, maxTokens: 9 });
const stopped = await small.complete(ask('Count to 15', { stop: ['7, 8'] }));
await small.close();

let began = () => {};
const running = new Promise<void>((resolve) => (began = resolve));
const closing = engine.complete({ messages: story.messages }, { onToken: () => began() });
await running;
await engine.close();

process.stdout.write(
    `${JSON.stringify({
        questions: QUESTIONS.length,
        digest,
        mixed,
        paris,
        streamed: streamed.join(''),
        samples,
        seedReproduces: drawn.text === again.text,
        aborted,
        waitingCode,
        tooLong,
        filled: { finishReason: filled.finishReason, usage: filled.usage },
        exact: { finishReason: exact.finishReason, usage: exact.usage },
        stopped,
        closing: (await closing).finishReason,
        afterClose: await engine.complete(story).catch(caught),
        notAModel: await LlamaEngine.open(import.meta.filename, config()).catch(caught),
        noGpu: await LlamaEngine.open(path, config({ gpu: 'metal' })).catch(caught),
    })}\n`,
);
