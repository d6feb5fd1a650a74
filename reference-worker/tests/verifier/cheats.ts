import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClaimedAnswer, ClaimedRequest } from 'cocoon-sdk';
import { type GenerationRequest, type LlamaEngine, parseSessionRequest } from '../../src/engines';
import { resolveModelPath } from '../../src/models';
import { seededRandom } from '../helpers/random';
import { coarser, otherWeights, trainingStep } from './gguf';
import { chat } from './requests';

export const TINY = resolveModelPath('embedded:tiny-demo', 'weights', '.');
/** The highest learning rate of models/training/train.py. */
const LEARNING_RATE = 3e-3;

/** Files of other weights by what was done to them. */
export function otherModels(directory: string): Record<string, string> {
    const original = readFileSync(TINY);
    const random = seededRandom(4);
    const changes = { fourBits: coarser(4), trainingStep: trainingStep(LEARNING_RATE, random) };
    return Object.fromEntries(
        Object.entries(changes).map(([name, change]) => {
            const path = join(directory, `${name}.gguf`);
            writeFileSync(path, otherWeights(original, change));
            return [name, path];
        }),
    );
}

function generationOf({ task, body }: ClaimedRequest): GenerationRequest {
    const { request } = parseSessionRequest(task, body);
    if ('input' in request) throw new Error('not generated');
    return request;
}

/** What an engine answers, as a node signs it. `digits`: of log-probabilities, as results of jobs keep them. */
export async function answerOf(
    engine: LlamaEngine,
    request: ClaimedRequest,
    digits?: number,
): Promise<ClaimedAnswer> {
    const { text, tokenIds, logprobs, finishReason, seed } = await engine.complete(generationOf(request));
    const kept = logprobs.map(({ logprob }) =>
        digits === undefined ? logprob : Number(logprob.toFixed(digits)),
    );
    return { text, tokenIds, logprobs: kept, finish: finishReason as 'stop', seed };
}

/** An answer to one request, signed as one to another, with the log-probabilities that its tokens have there. */
async function disguised(
    engine: LlamaEngine,
    asked: ClaimedRequest,
    answered: ClaimedRequest,
): Promise<ClaimedAnswer> {
    const answer = await answerOf(engine, answered);
    const { tokens } = await engine.score(generationOf(asked), { tokenIds: answer.tokenIds, logprobs: null });
    return { ...answer, logprobs: tokens.map((score) => Math.max(-9999, score!.logprob)) };
}

export interface Cheat {
    request: ClaimedRequest;
    answer: ClaimedAnswer;
}

const STORY = 'Tell me a story about a dog.';
const ROBOT = 'Tell me a story about a robot named Leo';
const FOX = 'Write a short story about a brave fox';

/** Questions, and what a context that is too small leaves of them. */
const TRUNCATED = [
    ['What is 34 + 57?', '+ 57?'],
    ['What is the capital of Japan?', 'What is the capital'],
    ['Explain how blockchains work', 'work'],
] as const;

/** Answers of the right model that are no answers to what was asked. */
export async function cheats(engine: LlamaEngine): Promise<Record<string, Cheat[]>> {
    const cases: Record<string, Promise<Cheat>[]> = {};
    const add = (name: string, request: ClaimedRequest, answer: Promise<ClaimedAnswer>) => {
        cases[name] ??= [];
        cases[name].push(answer.then((each) => ({ request, answer: each })));
    };
    for (const [index, question] of [STORY, ROBOT, FOX].entries()) {
        const seed = index + 1;
        const other = [ROBOT, FOX, STORY][index]!;
        const plain = chat(question, { seed });
        const greedy = chat(question, { seed, temperature: 0 });
        const hot = chat(question, { seed, temperature: 2 });
        add('greedyForSampled', hot, disguised(engine, hot, greedy));
        add('sampledForGreedy', greedy, disguised(engine, greedy, hot));
        const mild = chat(question, { seed, temperature: 0.6 });
        add('hotForMild', mild, disguised(engine, mild, hot));
        const narrow = chat(question, { seed, top_p: 0.3 });
        add('nucleusIgnored', narrow, disguised(engine, narrow, hot));
        const [whole, rest] = TRUNCATED[index]!;
        add('truncatedPrompt', chat(whole, { seed }), answerOf(engine, chat(rest, { seed })));
        add('copied', plain, answerOf(engine, chat(other, { seed })));
        const unlike = chat('What is the capital of Japan?', { seed, temperature: 0 });
        add('copiedAndRescored', unlike, disguised(engine, unlike, plain));
        add('cutOff', greedy, cut(engine, greedy));
    }
    const entries = Object.entries(cases).map(async ([name, all]) => [name, await Promise.all(all)] as const);
    return Object.fromEntries(await Promise.all(entries));
}

/** The beginning of an answer, as if the model had ended its turn there. */
async function cut(engine: LlamaEngine, request: ClaimedRequest): Promise<ClaimedAnswer> {
    const answer = await answerOf(engine, request);
    const kept = Math.floor(answer.tokenIds.length / 3);
    const tokenIds = answer.tokenIds.slice(0, kept);
    const logprobs = answer.logprobs!.slice(0, kept);
    const { text } = await engine.score(generationOf(request), { tokenIds, logprobs });
    return { ...answer, text: text!, tokenIds, logprobs, finish: 'stop' };
}
