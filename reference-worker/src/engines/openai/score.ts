import type { Rescored, TokenScore } from 'cocoon-sdk';
import { z } from 'zod';
import { EngineError } from '../errors';
import type { GenerationRequest, TokenClaim } from '../types';
import { malformed } from './failures';
import type { OpenAiServer } from './server';
import { promptOf } from './tokenize';

/** Alternatives at each place: the most that vLLM gives unless told otherwise. */
const ALTERNATIVES = 20;
/** No vocabulary is larger: bounds what is in the tail of a distribution that is told by its head. */
const MAX_VOCABULARY = 2 ** 20;

const logprob = z.object({ logprob: z.number(), rank: z.int().nullish() });
const tokenized = z.object({ tokens: z.array(z.int().min(0)).min(1) });
const detokenized = z.object({ prompt: z.string() });
const completed = z.object({
    choices: z
        .array(
            z.object({
                finish_reason: z.string().nullable(),
                prompt_logprobs: z.array(z.record(z.string(), logprob).nullable()),
                logprobs: z.object({ token_logprobs: z.array(z.number().nullable()) }),
            }),
        )
        .min(1),
});

export interface ServerScoring {
    server: OpenAiServer;
    model: string;
    /** Path from the root of the server that tells tokens; its sibling `detokenize` tells text. */
    tokenizePath: string;
    request: GenerationRequest;
    claim: TokenClaim;
    signal: AbortSignal;
}

/**
 * Scores an answer by the log-probabilities that vLLM tells of a prompt (`prompt_logprobs`): the prompt is what was
 * asked, followed by what is claimed. They are the model's own, before temperature and penalties, as are the ones that vLLM
 * reports while it generates.
 */
export async function scoreOnServer(scoring: ServerScoring): Promise<Rescored> {
    const { server, model, tokenizePath, request, claim, signal } = scoring;
    const path = `/${tokenizePath}`;
    const { tokens: prompt } = read(
        tokenized,
        await server.json(path, { model, ...promptOf(request) }, signal),
    );
    const body = {
        model,
        prompt: [...prompt, ...claim.tokenIds],
        max_tokens: 1,
        temperature: 0,
        logprobs: 0,
        prompt_logprobs: ALTERNATIVES,
    };
    const { choices } = read(completed, await server.json('/completions', body, signal));
    const { prompt_logprobs: places, finish_reason, logprobs } = choices[0]!;
    if (places.length !== body.prompt.length) throw malformed('it tells log-probabilities of another prompt');
    const [next] = logprobs.token_logprobs;
    return {
        promptTokens: prompt.length,
        vocabulary: MAX_VOCABULARY,
        tokens: claim.tokenIds.map((id, index) => tokenScore(places[prompt.length + index], id, request)),
        end: next == null ? null : endScore(finish_reason === 'stop', Math.exp(next)),
        text: await textOf(scoring, path.replace(/tokenize$/, 'detokenize')),
    };
}

type Place = Record<string, z.output<typeof logprob>>;

function tokenScore(
    place: Place | null | undefined,
    id: number,
    request: GenerationRequest,
): TokenScore | null {
    const told = place?.[id];
    if (!place || !told) throw malformed('it leaves out the log-probability of a token of the prompt');
    const probabilities = Object.values(place).map((each) => Math.exp(each.logprob));
    const top = Math.max(...probabilities);
    const isTop = Math.exp(told.logprob) === top;
    const doubt = 2 * Math.max(0, 1 - top);
    // A penalty changes which token is the likeliest, and the log-probabilities do not say so: nothing is known then.
    if (request.frequencyPenalty || request.presencePenalty)
        return { logprob: told.logprob, chance: 1, isTop: true, top: [0, 1], doubt };
    const bounds = topChance(probabilities, top, request);
    const power = 1 / (request.temperature || 1);
    const chance = Math.min(1, bounds[1] * (Math.exp(told.logprob) / top) ** power);
    return { logprob: told.logprob, chance: Math.max(Number.MIN_VALUE, chance), isTop, top: bounds, doubt };
}

/**
 * With which probability sampling takes the likeliest token. vLLM applies the temperature first, then the nucleus. The head
 * of the distribution is told; its tail has the rest of the probability, in tokens none of which is likelier than the head's last.
 */
function topChance(
    head: readonly number[],
    top: number,
    { temperature = 0, topP = 1 }: GenerationRequest,
): readonly [low: number, high: number] {
    if (temperature === 0) return [top, top];
    const power = 1 / temperature;
    const sorted = [...head].sort((left, right) => right - left);
    const last = sorted[Math.min(sorted.length, ALTERNATIVES) - 1]!;
    const rest = Math.max(0, 1 - sum(head));
    const known = sum(head.map((each) => (each / top) ** power));
    const low = 1 / (known + tail(rest / top, last / top, power));
    // A nucleus holds the likeliest token, and others until it has its share at least.
    return [low, Math.min(1, 1 / known / topP)];
}

/** The most that a tail can weigh: a convex power is largest in few likely tokens, a concave one spread over many. */
function tail(rest: number, last: number, power: number): number {
    if (power < 1) return MAX_VOCABULARY * (rest / MAX_VOCABULARY) ** power;
    return last > 0 ? (rest / last) * last ** power : 0;
}

function sum(values: readonly number[]): number {
    return values.reduce((total, value) => total + value, 0);
}

/** What ends a turn is not told by name: if it is not the likeliest, it is no likelier than what that leaves. */
function endScore(isTop: boolean, top: number): TokenScore {
    const logprob = Math.log(isTop ? top : Math.min(top, 1 - top));
    return { logprob, chance: Math.exp(logprob), isTop, top: [top, top], doubt: 2 * Math.max(0, 1 - top) };
}

async function textOf({ server, model, claim, signal }: ServerScoring, path: string): Promise<string | null> {
    if (claim.tokenIds.length === 0) return '';
    try {
        const body = { model, tokens: claim.tokenIds };
        return read(detokenized, await server.json(path, body, signal)).prompt;
    } catch (error) {
        // A server that has no such path cannot tell.
        if (error instanceof EngineError && error.code === 'model_missing') return null;
        throw error;
    }
}

function read<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
    const result = schema.safeParse(body);
    if (result.success) return result.data;
    throw malformed(`it does not tell ${result.error.issues[0]!.path.join('.')} of a prompt`);
}
