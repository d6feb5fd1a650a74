import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClaimedAnswer, type Verdict, verifyCompletion } from 'cocoon-sdk';
import { LlamaEngine } from '../../src/engines';
import { readManifest, resolveModelPath } from '../../src/models';
import { verifierEngine } from '../../src/verifier';
import { answerOf, type Cheat, cheats, otherModels, TINY } from './cheats';
import { chat, OPEN_REQUESTS, requestOf } from './requests';

/**
 * Judges answers of the real engine and prints what came of it as one JSON line. A process of its own, because Jest's module
 * loader cannot import node-llama-cpp. Argument: how many honest completions.
 */
const honestCount = Number(process.argv[2] ?? 240);
const manifest = readManifest(resolveModelPath('embedded:tiny-demo', 'manifest', '.'));
const open = (changes: object = {}, path = TINY) =>
    LlamaEngine.open(path, {
        type: 'llama',
        contextSize: 1024,
        contexts: 1,
        threads: 1,
        gpu: false,
        embeddings: false,
        ...changes,
    });

/** Ways to run the same model. Two threads are slow on a busy machine: they get every tenth request. */
const ways = await Promise.all([
    open(),
    open({ batchSize: 32 }),
    open({ contextSize: 512, batchSize: 7 }),
    open({ threads: 2 }),
]);
const reference = ways[0]!;
const wayOf = (number: number) => (number % 10 === 9 ? 3 : number % 3);

const judge = ({ request, answer }: Cheat, by = reference): Promise<Verdict> =>
    verifyCompletion(request, answer, manifest, verifierEngine(by)!);

async function honest() {
    const alarms: { number: number; verdict: Verdict }[] = [];
    const evidence: number[] = [];
    const differences: number[] = [];
    let tokens = 0;
    let doubt = 0;
    let largest = 0;
    let outsideNucleus = 0;
    for (let number = 0; number < honestCount; number++) {
        const request = requestOf(number);
        const node = ways[wayOf(number)]!;
        const full = await answerOf(node, request, number % 2 ? 4 : undefined);
        // Jobs keep log-probabilities only where the client asks for them.
        const answer: ClaimedAnswer = number % 7 === 3 ? { ...full, logprobs: null } : full;
        const verdict = await judge({ request, answer }, ways[wayOf(number + 1)]);
        if (verdict.vote !== 'node' || verdict.reason !== 'consistent') alarms.push({ number, verdict });
        const { statistics } = verdict;
        if (!statistics) continue;
        tokens += statistics.scored;
        if (statistics.meanDifference !== null) doubt += statistics.doubt;
        // A token at the edge of a nucleus is in it on one machine and not on the other: elsewhere that would be an alarm.
        if (statistics.largestDifference === Number.POSITIVE_INFINITY) outsideNucleus += 1;
        else largest = Math.max(largest, statistics.largestDifference ?? 0);
        evidence.push(Math.max(statistics.differences.evidence, statistics.choices.evidence));
        if (statistics.meanDifference !== null)
            differences.push(statistics.meanDifference * statistics.doubt);
    }
    evidence.sort((left, right) => right - left);
    const meanDifference = differences.reduce((sum, each) => sum + each, 0) / doubt;
    return {
        completions: honestCount,
        alarms,
        tokens,
        doubt,
        meanDifference,
        highestEvidence: evidence.slice(0, 5),
        largest,
        outsideNucleus,
    };
}

/** Every open request, answered by other weights. */
async function swapped(path: string) {
    const engine = await open({}, path);
    const found: { doubt: number; vote: string; reason: string; evidence: number }[] = [];
    for (const request of OPEN_REQUESTS) {
        const { vote, reason, statistics } = await judge({
            request,
            answer: await answerOf(engine, request),
        });
        found.push({ doubt: statistics!.doubt, vote, reason, evidence: statistics!.differences.evidence });
    }
    await engine.close();
    return found;
}

/** Milliseconds to write long answers, to judge them, and to read as many tokens as a prompt. */
async function cost() {
    const sums = { answers: 0, tokens: 0, generating: 0, judging: 0, reading: 0 };
    for (let seed = 1; sums.answers < 6; seed++) {
        const request = chat('Write a short story about a brave fox', { max_tokens: 256, seed });
        const started = performance.now();
        const answer = await answerOf(reference, request);
        const answered = performance.now();
        if (answer.tokenIds.length < 80) continue;
        await judge({ request, answer });
        const judged = performance.now();
        await reference.complete({ prompt: answer.text, maxTokens: 1 });
        sums.answers += 1;
        sums.tokens += answer.tokenIds.length;
        sums.generating += answered - started;
        sums.judging += judged - answered;
        sums.reading += performance.now() - judged;
    }
    const { judging, reading, generating } = sums;
    return { ...sums, share: judging / generating, readingShare: reading / generating };
}

const directory = mkdtempSync(join(tmpdir(), 'cocoon-verifier-'));
const report: Record<string, unknown> = {
    honest: await honest(),
    cost: await cost(),
    swapped: {},
    cheats: {},
};
for (const [name, path] of Object.entries(otherModels(directory))) {
    Object.assign(report.swapped as object, { [name]: await swapped(path) });
}
for (const [name, cases] of Object.entries(await cheats(reference))) {
    const verdicts: Verdict[] = [];
    for (const each of cases) verdicts.push(await judge(each));
    Object.assign(report.cheats as object, { [name]: verdicts });
}
await Promise.all(ways.map((way) => way.close()));
rmSync(directory, { recursive: true });
process.stdout.write(`${JSON.stringify(report)}\n`);
