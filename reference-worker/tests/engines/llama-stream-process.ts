import { LlamaContext } from 'node-llama-cpp';
import { type ChatRequest, type EngineToken, LlamaEngine, type StreamEnd } from '../../src/engines';
import { resolveModelPath } from '../../src/models';
import { SCHEMAS, TOOLS } from './llama-cases';

/** Streams from the real engine and prints what it did as one JSON line; see llama-process.ts. */
const path = resolveModelPath('embedded:tiny-demo', 'weights', '.');
const engine = await LlamaEngine.open(path, {
    type: 'llama',
    contextSize: 1024,
    contexts: 1,
    threads: 1,
    gpu: false,
    embeddings: true,
});
const ask = (content: string, changes: Partial<ChatRequest> = {}): ChatRequest => ({
    messages: [{ role: 'user', content }],
    maxTokens: 120,
    ...changes,
});
const refused = async (task: () => Promise<unknown>) => {
    try {
        await task();
        return 'nothing';
    } catch (error) {
        const { code, message } = error as { code: string; message: string };
        return `${code}: ${message}`;
    }
};

async function drain(stream: AsyncGenerator<readonly EngineToken[], StreamEnd, void>) {
    const tokens: EngineToken[] = [];
    let step = await stream.next();
    for (; !step.done; step = await stream.next()) tokens.push(...step.value);
    return { text: tokens.map(({ text }) => text).join(''), tokens, end: step.value };
}

const story = ask('Tell me a story about a dog.');
const unstopped = { ...story, temperature: 1, seed: 7, topLogprobs: 2 };
const whole = await engine.complete(unstopped);
// From within one token into the third after it.
const stopString = whole.logprobs
    .slice(20, 24)
    .map(({ text }) => text)
    .join('')
    .slice(1, -1);
const sampled = { ...unstopped, stop: [stopString] };
const streamed = await drain(engine.stream(sampled));
const completed = await engine.complete(sampled);

// The library's own count of what it evaluated, so that nothing generated in secret goes unseen.
const meters: { usedOutputTokens: number }[] = [];
const { getSequence } = LlamaContext.prototype;
LlamaContext.prototype.getSequence = function (this: LlamaContext, ...args) {
    const sequence = getSequence.apply(this, args);
    meters.push(sequence.tokenMeter);
    return sequence;
};
const paused = engine.stream(story);
for (let step = 0; step < 3; step++) await paused.next();
// That nothing is done has no event to wait for.
const idle = () => new Promise((resolve) => setTimeout(resolve, 150));
await idle();
const evaluatedWhilePaused = meters.at(-1)!.usedOutputTokens;
// The only slot is taken until the consumer leaves.
let followerRan = false;
const follower = engine.complete(ask('Who are you?')).then((answer) => {
    followerRan = true;
    return answer.finishReason;
});
await idle();
const ranBeside = followerRan;
await paused.return({} as StreamEnd);
const followed = await follower;

const stop = new AbortController();
const aborted = engine.stream(story, { signal: stop.signal });
const before = await aborted.next();
stop.abort();
const abortedEnd = await drain(aborted);
const evaluatedAborted = meters.at(-1)!.usedOutputTokens;
const afterAbort = (await engine.complete(ask('Who are you?', { maxTokens: 3 }))).usage;

const json = await Promise.all(
    [1, 2, 3].map((seed) =>
        engine.complete(
            ask('List 5 fruits', { responseFormat: { type: 'json_object' }, temperature: 1, seed }),
        ),
    ),
);
const schemas = [];
for (const { schema } of SCHEMAS) {
    const request = ask('What is TON?', {
        responseFormat: { type: 'json_schema', name: 'x', schema },
        temperature: 1,
        seed: 11,
        maxTokens: 700,
    });
    const { text, finishReason } = await engine.complete(request);
    schemas.push({ text, finishReason });
}

const called = await engine.complete(ask('Weather in Paris?', { tools: TOOLS, toolChoice: 'required' }));
const named = ask('Weather in Paris?', { tools: TOOLS, toolChoice: { name: 'get_weather' }, maxTokens: 300 });
const namedCall = await engine.complete(named);
const cut = await drain(engine.stream({ ...named, maxTokens: namedCall.usage.completionTokens - 1 }));
const answered = await engine.complete(
    ask('', {
        messages: [
            { role: 'user', content: 'Weather in Paris?' },
            { role: 'assistant', content: '', toolCalls: namedCall.toolCalls! },
            { role: 'tool', content: 'sunny', toolCallId: namedCall.toolCalls![0]!.id },
        ],
        tools: TOOLS,
        toolChoice: 'none',
    }),
);

const texts = ['hello world', 'hello big world', 'What is TON?'];
const rows = await engine.embed!(texts);
const completion = { prompt: 'The capital of France is', maxTokens: 4 };
const bare = await engine.complete(completion);
const counted = {
    chat: await engine.countPromptTokens(named),
    text: await engine.countPromptTokens(completion),
    embedding: await engine.countPromptTokens({ input: texts }),
};
const tooLong = await refused(() => engine.embed!(['word '.repeat(2000)]));
const dimensions = await refused(() => engine.embed!(['x'], { dimensions: 7 }));
const auto = await refused(() => engine.stream(ask('x', { tools: TOOLS })).next());
const closing = engine.stream(story);
await closing.next();
const closed = engine.close();
const closingEnd = (await drain(closing)).end.finishReason;
await closed;

process.stdout.write(
    `${JSON.stringify({
        stopString,
        whole: whole.text,
        streamed,
        completed,
        evaluatedWhilePaused,
        ranBeside,
        followed,
        aborted: {
            yielded: before.done ? 0 : before.value.length,
            ...abortedEnd,
            evaluated: evaluatedAborted,
        },
        afterAbort,
        json: json.map(({ text, finishReason }) => ({ text, finishReason })),
        schemas,
        called,
        namedCall,
        cut,
        answered: answered.finishReason,
        auto,
        embeddings: rows.embeddings.map((row) => [...row]),
        embeddingTokens: rows.promptTokens,
        bare: bare.usage,
        counted,
        tooLong,
        dimensions,
        closingEnd,
        afterClose: await refused(() => engine.embed!(['x'])),
    })}\n`,
);
