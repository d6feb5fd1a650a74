import type { Completion, EngineToken, StreamEnd, Usage } from '../../src/engines';
import { finished, startTsx } from '../helpers/tsx';
import { SCHEMAS } from './llama-cases';

interface Streamed {
    text: string;
    tokens: EngineToken[];
    end: StreamEnd;
}
interface Report {
    stopString: string;
    whole: string;
    streamed: Streamed;
    completed: Completion;
    evaluatedWhilePaused: number;
    ranBeside: boolean;
    followed: string;
    aborted: Streamed & { yielded: number; evaluated: number };
    afterAbort: Usage;
    json: { text: string; finishReason: string }[];
    schemas: { text: string; finishReason: string }[];
    called: Completion;
    namedCall: Completion;
    cut: Streamed;
    answered: string;
    auto: string;
    embeddings: number[][];
    embeddingTokens: number;
    bare: Usage;
    counted: { chat: number; text: number; embedding: number };
    tooLong: string;
    dimensions: string;
    closingEnd: string;
    afterClose: string;
}

let report: Report;
beforeAll(async () => {
    const { code, stdout, stderr } = await finished(startTsx('tests/engines/llama-stream-process.ts'));
    if (code !== 0) throw new Error(`the engine process ended with ${code}: ${stderr}`);
    report = JSON.parse(stdout.trim().split('\n').at(-1)!);
}, 120_000);

test('a stream gives what a whole completion of the same seed gives, token by token', () => {
    const { streamed, completed } = report;
    expect(streamed.text).toBe(completed.text);
    expect(streamed.tokens.flatMap(({ id }) => id ?? [])).toEqual(completed.tokenIds);
    expect(streamed.tokens.map(({ id, token: text, logprob, top }) => ({ id, text, logprob, top }))).toEqual(
        completed.logprobs,
    );
    expect(streamed.end).toEqual({
        finishReason: completed.finishReason,
        seed: 7,
        usage: completed.usage,
    });
    const counted = streamed.tokens.reduce((sum, { count }) => sum + count, 0);
    expect(counted).toBe(completed.usage.completionTokens);
});

test('a stop string over several tokens is held back and never shown', () => {
    const { streamed, stopString, whole } = report;
    expect(streamed.end.finishReason).toBe('stop');
    expect(streamed.text).toBe(whole.slice(0, whole.indexOf(stopString)));
    // The tokens of the stop string were generated and are counted, but bring no text.
    const generated = streamed.tokens.map(({ token }) => token).join('');
    expect(generated).toContain(stopString);
    expect(streamed.tokens.filter(({ text }) => text === '').length).toBeGreaterThanOrEqual(2);
    for (let end = 1; end <= streamed.tokens.length; end++) {
        const shown = streamed.tokens.slice(0, end).map(({ text }) => text);
        expect(streamed.text.startsWith(shown.join(''))).toBe(true);
    }
});

test('while the consumer pauses nothing is evaluated, and leaving gives the slot to the next', () => {
    expect(report.evaluatedWhilePaused).toBe(3);
    expect(report.ranBeside).toBe(false);
    expect(report.followed).toBe('stop');
});

test('an abort ends the stream without another token and frees the slot', () => {
    const { aborted, afterAbort } = report;
    expect(aborted.yielded).toBe(1);
    expect(aborted.end).toMatchObject({ finishReason: 'abort', usage: { completionTokens: 1 } });
    expect(aborted.evaluated).toBe(1);
    expect(afterAbort.completionTokens).toBe(3);
    expect(report.closingEnd).toBe('abort');
    expect(report.afterClose).toMatch(/^aborted/);
});

test('JSON mode answers with an object', () => {
    for (const { text, finishReason } of report.json) {
        expect(finishReason).toBe('stop');
        expect(JSON.parse(text)).toEqual(expect.any(Object));
    }
});

test.each(SCHEMAS.map(({ schema, keeps }, index) => [index, schema, keeps] as const))(
    'answers keep to JSON schema %i',
    (index, _schema, keeps) => {
        const { text, finishReason } = report.schemas[index]!;
        expect(finishReason).toBe('stop');
        expect(text).toEqual(expect.any(String));
        expect(keeps(JSON.parse(text))).toBe(true);
    },
);

test('a required or named function is called in its form; a cut-off call says so', () => {
    const { called, namedCall, cut } = report;
    expect(called).toMatchObject({ text: '', finishReason: 'tool_calls' });
    expect(['get_weather', 'no-arguments']).toContain(called.toolCalls![0]!.function.name);
    expect(JSON.parse(called.toolCalls![0]!.function.arguments)).toEqual(expect.any(Object));
    expect(namedCall.toolCalls).toHaveLength(1);
    const [call] = namedCall.toolCalls!;
    expect(call).toMatchObject({ id: expect.stringMatching(/^call_/), function: { name: 'get_weather' } });
    const given = JSON.parse(call!.function.arguments);
    expect(['c', 'f']).toContain(given.unit);
    expect(given.city.length).toBeLessThanOrEqual(16);
    // One token short: the same call without what closes it.
    expect(cut.end.finishReason).toBe('length');
    const pieces = cut.tokens.flatMap(({ toolCalls }) => toolCalls ?? []);
    expect(pieces[0]).toMatchObject({ index: 0, type: 'function', function: { name: 'get_weather' } });
    const joined = pieces.map((piece) => piece.function?.arguments ?? '').join('');
    expect(`${call!.function.arguments}}`.startsWith(joined)).toBe(true);
});

test('results of calls are read; free choice is refused where the template knows no tools', () => {
    expect(report.answered).toBe('stop');
    expect(report.auto).toMatch(/^unsupported: request tools/);
});

test('embeds texts: near ones near, each of length 1', () => {
    const [first, near, far] = report.embeddings as [number[], number[], number[]];
    const dot = (left: number[], right: number[]) =>
        left.reduce((sum, value, index) => sum + value * right[index]!, 0);
    for (const row of report.embeddings) expect(dot(row, row)).toBeCloseTo(1, 4);
    expect(dot(first, near)).toBeGreaterThan(dot(first, far));
    expect(report.tooLong).toMatch(/^context_too_long/);
    expect(report.dimensions).toMatch(/^unsupported: request dimensions/);
});

test('prompts are counted beforehand as they are charged', () => {
    expect(report.counted).toEqual({
        chat: report.namedCall.usage.promptTokens,
        text: report.bare.promptTokens,
        embedding: report.embeddingTokens,
    });
});
