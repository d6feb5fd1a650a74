import type { Verdict } from 'cocoon-sdk';
import { finished, startTsx } from '../helpers/tsx';

interface Report {
    honest: {
        completions: number;
        alarms: unknown[];
        tokens: number;
        doubt: number;
        meanDifference: number;
        largest: number;
        /** Answers with a token that was in the nucleus of one machine only. */
        outsideNucleus: number;
        highestEvidence: number[];
    };
    cost: { answers: number; tokens: number; share: number; readingShare: number };
    swapped: Record<string, { doubt: number; vote: string; reason: string }[]>;
    cheats: Record<string, Verdict[]>;
}

/** Of the nightly run, what docs/spec/verification.md states. */
const COMPLETIONS = process.env.COCOON_DEEP ? 2_100 : 200;

let report: Report;
beforeAll(async () => {
    const child = startTsx('tests/verifier/verifier-process.ts', [String(COMPLETIONS)]);
    const { code, stdout, stderr } = await finished(child);
    if (code !== 0) throw new Error(`the verifier process ended with ${code}: ${stderr}`);
    report = JSON.parse(stdout.trim().split('\n').at(-1)!);
}, 3_600_000);

test('honest answers raise no alarm, across threads, batch sizes and ways of sampling', () => {
    const { completions, alarms, tokens, meanDifference, largest, outsideNucleus, highestEvidence } =
        report.honest;
    expect(alarms).toEqual([]);
    expect(completions).toBe(COMPLETIONS);
    expect(tokens).toBeGreaterThan(15 * completions);
    // Far within what the manifest grants, and not nothing: the tests did look at something.
    expect(meanDifference).toBeGreaterThan(0);
    expect(meanDifference).toBeLessThan(0.0075);
    expect(largest).toBeLessThan(0.5);
    expect(outsideNucleus).toBeLessThanOrEqual(completions / 100);
    expect(highestEvidence[0]).toBeLessThan(7);
    process.stdout.write(`measured: ${JSON.stringify({ ...report.honest, cost: report.cost })}\n`);
});

test('other weights are found where the answer leaves something to see', () => {
    const found = (name: string) => report.swapped[name]!.filter(({ doubt }) => doubt >= 35);
    const clear = [...found('fourBits'), ...found('trainingStep')];
    expect(clear.length).toBeGreaterThan(5);
    expect(clear.map(({ vote, reason }) => [vote, reason])).toEqual(
        clear.map(() => ['client', 'logprobs_differ']),
    );
    const votes = Object.values(report.swapped).flatMap((all) => all.map(({ vote }) => vote));
    expect(votes.filter((vote) => vote === 'client').length).toBeGreaterThan(votes.length / 3);
});

test.each([
    ['greedyForSampled', 'choices_unlikely'],
    ['sampledForGreedy', 'choices_unlikely'],
    ['hotForMild', 'choices_unlikely'],
    ['nucleusIgnored', 'logprobs_differ'],
    ['truncatedPrompt', 'logprobs_differ'],
    ['copied', 'logprobs_differ'],
    ['copiedAndRescored', 'choices_unlikely'],
    ['cutOff', 'ended_early'],
])('%s is found: %s', (name, reason) => {
    const verdicts = report.cheats[name]!;
    expect(verdicts.map((verdict) => verdict.reason)).toEqual([reason, reason, reason]);
    expect(verdicts.map(({ vote }) => vote)).toEqual(['client', 'client', 'client']);
});

test('judging costs less than writing', () => {
    const { answers, tokens, share, readingShare } = report.cost;
    process.stdout.write(
        `verifying answers of ${Math.round(tokens / answers)} tokens takes ${(100 * share).toFixed(0)} % of the time of ` +
            `writing them; reading them as a prompt alone ${(100 * readingShare).toFixed(0)} %\n`,
    );
    // A bound that holds on a busy machine too; what it is on an idle one stands in docs/spec/verification.md.
    expect(share).toBeLessThan(2);
});
