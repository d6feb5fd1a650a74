import type { Rescored, TokenScore } from 'cocoon-sdk';
import type { ControlledEvaluateInputItem, LlamaContext, LlamaModel, Token } from 'node-llama-cpp';
import { abortedError, contextTooLong } from '../errors';
import type { GenerationRequest, TokenClaim } from '../types';
import { Detokenizer } from './detokenizer';
import { choosePlaces } from './places';
import { samplerOptions } from './sampling';

export interface Scoring {
    model: LlamaModel;
    context: LlamaContext;
    prompt: Token[];
    request: GenerationRequest;
    claim: TokenClaim;
    /** Tokens that prompt and answer may fill together. */
    contextSize: number;
    /** Tokens that the model knows. */
    vocabulary: number;
    isAborted: () => boolean;
}

type Query = NonNullable<Exclude<ControlledEvaluateInputItem, Token>[1]['generateNext']>;
type Answer = { token?: Token | null; confidence?: number; probabilities?: Map<Token, number> };

/** Where a token is claimed to be likelier than this, it is the likeliest, or the claim is wrong. */
const SURELY_TOP = Math.log(0.5);

/** Scores one answer on a context that nothing else uses meanwhile. */
export async function score(scoring: Scoring): Promise<Rescored> {
    const { model, prompt, claim, request, contextSize, vocabulary } = scoring;
    const foreign = claim.tokenIds.findIndex((id) => id >= vocabulary);
    // What comes after a token that the model does not have cannot be evaluated.
    const known = (foreign < 0 ? claim.tokenIds : claim.tokenIds.slice(0, foreign)) as Token[];
    const length = prompt.length + known.length;
    if (length > contextSize) throw contextTooLong(length, contextSize);
    const answers = await evaluate(scoring, known);
    return {
        promptTokens: prompt.length,
        vocabulary,
        tokens: claim.tokenIds.map((id, place) => {
            if (place === foreign) return IMPOSSIBLE;
            const answer = answers[place];
            return answer && place < known.length ? tokenScore(answer, id as Token, request) : null;
        }),
        end: foreign < 0 && answers[known.length] ? endScore(answers[known.length]!, model, request) : null,
        text: foreign < 0 ? textOf(model, known) : null,
    };
}

const IMPOSSIBLE: TokenScore = {
    logprob: Number.NEGATIVE_INFINITY,
    chance: Number.MIN_VALUE,
    isTop: false,
    top: [1, 1],
    doubt: 0,
};

/** What the library says of each place, the one after the last token included. */
async function evaluate(scoring: Scoring, tokens: Token[]): Promise<(Answer | undefined)[]> {
    const { context, prompt, contextSize, vocabulary, isAborted } = scoring;
    const places = choosePlaces(tokens.length, vocabulary).add(tokens.length);
    // The library keeps one place free. A full context has no place after the last token.
    const evaluated = [...prompt, ...tokens].slice(0, contextSize - 1);
    const input = evaluated.map((token, index): ControlledEvaluateInputItem => {
        const place = index - prompt.length + 1;
        return places.has(place) ? [token, { generateNext: query(scoring, tokens, place) }] : token;
    });
    const sequence = context.getSequence();
    try {
        if (isAborted()) throw abortedError();
        const outputs = await sequence.controlledEvaluate(input);
        return Array.from(
            { length: tokens.length + 1 },
            (_, place) => outputs[prompt.length - 1 + place]?.next,
        );
    } finally {
        await sequence.dispose();
    }
}

/**
 * The likeliest token and its probability come cheap; all probabilities cost more than evaluating the token, and are asked
 * for only where the claimed token need not be the likeliest, or the distribution is not the plain one.
 */
function query({ request, claim }: Scoring, tokens: Token[], place: number): Query {
    const plain = isPlain(request);
    const wanted = samplerOptions(request, tokens.length, () => tokens.slice(0, place), 0);
    const options = plain ? { ...wanted, temperature: 0 } : wanted;
    const claimed = place < tokens.length ? claim.logprobs?.[place] : undefined;
    if (plain && claimed !== undefined && claimed > SURELY_TOP)
        return { token: true, confidence: true, options };
    return { probabilities: true, options };
}

/** Log-probabilities are of the model's own distribution: that of temperature 0, in this library, and of temperature 1. */
function isPlain({ temperature = 0, topP = 1 }: GenerationRequest): boolean {
    return temperature === 0 || (temperature === 1 && topP === 1);
}

function tokenScore(answer: Answer, claimed: Token, request: GenerationRequest): TokenScore {
    const { token, confidence = 0, probabilities } = answer;
    if (probabilities) return listed(probabilities, (id) => id === claimed, request);
    const isTop = token === claimed;
    // If not the likeliest, no more than this: what the likeliest has is gone.
    const highest = isTop ? confidence : Math.min(confidence, 1 - confidence);
    return { logprob: Math.log(highest), chance: highest, isTop, ...topOf(confidence, request) };
}

/** The end of a turn may be one of several tokens. */
function endScore(
    { probabilities = new Map() }: Answer,
    model: LlamaModel,
    request: GenerationRequest,
): TokenScore {
    return listed(probabilities, (id) => model.isEogToken(id), request);
}

/** @param probabilities likeliest first; tokens that cannot be chosen may be missing. */
function listed(
    probabilities: Map<Token, number>,
    isClaimed: (id: Token) => boolean,
    request: GenerationRequest,
): TokenScore {
    let sum = 0;
    let first: { id: Token; probability: number } | undefined;
    for (const [id, probability] of probabilities) {
        first ??= { id, probability };
        if (isClaimed(id)) sum += probability;
    }
    const isTop = first !== undefined && isClaimed(first.id);
    // Outside a nucleus it has none; elsewhere a float was too small for it.
    const chance = (request.topP ?? 1) < 1 ? sum : Math.max(Number.MIN_VALUE, sum);
    return { logprob: Math.log(sum), chance, isTop, ...topOf(first?.probability ?? 0, request) };
}

/** Which tokens are in a nucleus is a matter of doubt where the model has none. */
const NUCLEUS_DOUBT = 0.1;

function topOf(
    probability: number,
    { temperature = 0, topP = 1 }: GenerationRequest,
): Pick<TokenScore, 'top' | 'doubt'> {
    const doubt = (2 * (1 - probability)) / (temperature === 0 ? 1 : Math.min(1, temperature));
    return { top: [probability, probability], doubt: topP < 1 ? Math.max(NUCLEUS_DOUBT, doubt) : doubt };
}

function textOf(model: LlamaModel, tokens: readonly Token[]): string {
    const characters = new Detokenizer(model);
    return tokens.map((token) => characters.push(token)).join('') + characters.finish();
}
