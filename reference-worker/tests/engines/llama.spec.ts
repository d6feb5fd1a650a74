import type { Completion } from '../../src/engines';
import { finished, startTsx } from '../helpers/tsx';

interface Report {
    questions: number;
    digest: string;
    mixed: number;
    paris: Completion;
    streamed: string;
    samples: string[];
    seedReproduces: boolean;
    aborted: Completion;
    waitingCode: string;
    tooLong: string;
    filled: Completion;
    exact: Completion;
    stopped: Completion;
    closing: string;
    afterClose: string;
    notAModel: string;
    noGpu: string;
}

async function runEngine(...args: string[]): Promise<Report> {
    const { code, stdout, stderr } = await finished(startTsx('tests/engines/llama-process.ts', args));
    if (code !== 0) throw new Error(`the engine process ended with ${code}: ${stderr}`);
    return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

let report: Report;
beforeAll(async () => {
    report = await runEngine();
}, 120_000);

test('answers, with token ids, log-probabilities and alternatives', () => {
    const { paris, streamed } = report;
    expect(paris.text).toBe('The capital of France is Paris.');
    expect(streamed).toBe(paris.text);
    expect(paris.finishReason).toBe('stop');
    expect(paris.usage).toEqual({
        promptTokens: 17,
        cachedTokens: 0,
        completionTokens: paris.tokenIds.length,
    });
    expect(paris.logprobs.map(({ text }) => text).join('')).toBe(paris.text);
    for (const { id, logprob, top } of paris.logprobs) {
        expect(logprob).toBeLessThanOrEqual(0);
        expect(top).toHaveLength(3);
        // Greedy: the chosen token is the likeliest, with the same probability in both places.
        expect(top![0]).toMatchObject({ id, logprob });
        expect(top![1]!.logprob).toBeLessThanOrEqual(top![0]!.logprob);
    }
});

test('concurrent requests on several contexts never leak into each other', () => {
    expect(report.questions).toBe(12);
    expect(report.mixed).toBe(0);
});

test('greedy answers are the same in another process; sampled ones repeat with their seed', async () => {
    const [first, second, third] = report.samples;
    expect(first).toBe(second);
    expect(third).not.toBe(first);
    expect(report.seedReproduces).toBe(true);
    expect((await runEngine('digest')).digest).toBe(report.digest);
}, 120_000);

test('an abort keeps what was generated; a request that still waits is refused', () => {
    expect(report.aborted.finishReason).toBe('abort');
    expect(report.aborted.tokenIds.length).toBeGreaterThanOrEqual(5);
    expect(report.aborted.tokenIds.length).toBeLessThan(20);
    expect(report.waitingCode).toBe('aborted');
});

test('limits: prompt beyond the context, answer up to the context, maxTokens, stop strings', () => {
    expect(report.tooLong).toBe('context_too_long');
    const { filled, exact, stopped } = report;
    expect(filled.finishReason).toBe('length');
    expect(filled.usage.promptTokens + filled.usage.completionTokens).toBe(256);
    expect(exact).toMatchObject({ finishReason: 'length', usage: { completionTokens: 9 } });
    expect(stopped.text).toBe('1, 2, 3, 4, 5, 6, ');
    expect(stopped.finishReason).toBe('stop');
});

test('closing ends running requests and refuses new ones; what cannot start says so', () => {
    expect(report.closing).toBe('abort');
    expect(report.afterClose).toBe('aborted');
    expect(report.notAModel).toBe('startup');
    expect(report.noGpu).toBe('startup');
});
