import type { Vote } from '../disputes';
import { type Sampling, samplingOf } from './sampling';
import { type ScoringOptions, scoreCompletion } from './score';
import type {
    ClaimedAnswer,
    ClaimedRequest,
    Rescored,
    Verdict,
    VerdictReason,
    VerdictStatistics,
    VerifiedModel,
    VerifierEngine,
} from './types';

export type VerifyOptions = Pick<ScoringOptions, 'falsePositives'> & { readonly signal?: AbortSignal };

/** Results keep four digits of a log-probability. */
const ROUNDING = 1e-4;

/** The vote on evidence that cannot be had, or that does not open to what the commitment binds. */
export function evidenceMissing(): Verdict {
    return verdict('unavailable', 'evidence_missing');
}

/**
 * Judges one answer by a pass of the verifier's own engine over prompt and claimed tokens. What cannot be told apart from
 * honest work counts as honest. Throws what the engine throws when it fails: then there is nothing to vote.
 * @param model parts of the manifest whose SHA-256 is the model id in dispute; the engine must run exactly that model.
 */
export async function verifyCompletion(
    request: ClaimedRequest,
    answer: ClaimedAnswer,
    model: VerifiedModel,
    engine: VerifierEngine,
    options: VerifyOptions = {},
): Promise<Verdict> {
    if (request.task === 'embedding') return verdict('node', 'not_judgeable');
    const rescored = await engine.rescore(request, answer, options.signal);
    if (typeof rescored === 'string') return verdict('node', rescored);
    const sampling = samplingOf(request.task, request.body);
    if (answer.finish === 'error') {
        // Jobs leave it to the node whether it can penalise.
        if (answer.error === 'unsupported_parameter' && sampling.penalised)
            return verdict('node', 'request_invalid');
        return verdict('client', 'refused');
    }
    const words = wordsFault(answer, sampling, rescored);
    if (words) return verdict('client', words);
    // Tokens that are not kept cannot be re-scored: such a model's answers are believed, and its manifest says so.
    if (answer.tokenIds.length === 0 && answer.text !== '') return verdict('node', 'not_judgeable');
    if (model.tolerance.deterministic) return repeated(request, answer, sampling, engine, options);
    return judged(answer, sampling, rescored, model, options);
}

/** What no statistics are needed for. */
function wordsFault(
    answer: ClaimedAnswer,
    sampling: Sampling,
    rescored: Rescored,
): VerdictReason | undefined {
    const count = answer.tokenIds.length;
    if (sampling.limit !== undefined && count > sampling.limit) return 'too_long';
    const { text } = rescored;
    if (text === null || count === 0 || sampling.tools || text === answer.text) return undefined;
    // Of an answer that broke off, text may lag behind its tokens.
    const begun = answer.finish === null && text.startsWith(answer.text);
    return begun || stoppedByString(answer, sampling, rescored) ? undefined : 'text_differs';
}

function judged(
    answer: ClaimedAnswer,
    sampling: Sampling,
    rescored: Rescored,
    model: VerifiedModel,
    { falsePositives }: VerifyOptions,
): Verdict {
    const { temperature, limit } = sampling;
    const ended = answer.finish === 'stop' && !stoppedByString(answer, sampling, rescored);
    const statistics = scoreCompletion(answer.logprobs, rescored, ended, model.tolerance, {
        temperature,
        nucleus: sampling.nucleus,
        ...(falsePositives === undefined ? {} : { falsePositives }),
    });
    const { differences, choices, ending } = statistics;
    if (differences.evidence >= differences.threshold)
        return verdict('client', 'logprobs_differ', statistics);
    if (choices.evidence >= choices.threshold) return verdict('client', 'choices_unlikely', statistics);
    if (ending.evidence >= ending.threshold) return verdict('client', 'ended_early', statistics);
    if (answer.finish === 'length' && cutShort(answer, limit, rescored, model)) {
        return verdict('client', 'ended_early', statistics);
    }
    return verdict('node', 'consistent', statistics);
}

/** The tokens of a stop string are claimed, its text is not. */
function stoppedByString(answer: ClaimedAnswer, { stop }: Sampling, { text }: Rescored): boolean {
    if (answer.finish !== 'stop' || stop.length === 0) return false;
    if (text === null) return true;
    const rest = text.slice(answer.text.length);
    return text.startsWith(answer.text) && stop.some((each) => rest.startsWith(each));
}

/** Neither the limit nor the context ended it. A model that is served with less context is another model. */
function cutShort(
    { tokenIds, fillsItsRoom }: ClaimedAnswer,
    limit: number | undefined,
    { promptTokens }: Rescored,
    model: VerifiedModel,
): boolean {
    if (fillsItsRoom) return false;
    const room = model.contextLength - promptTokens;
    return tokenIds.length < Math.min(limit ?? room, room);
}

async function repeated(
    request: ClaimedRequest,
    answer: ClaimedAnswer,
    sampling: Sampling,
    engine: VerifierEngine,
    { signal }: VerifyOptions,
): Promise<Verdict> {
    if (answer.finish === null) return verdict('node', 'not_judgeable');
    const own = await engine.repeat(request, sampling.seed ?? answer.seed, signal);
    const same =
        own.text === answer.text &&
        equal(own.tokenIds, answer.tokenIds) &&
        (own.logprobs === null || answer.logprobs === null || equal(own.logprobs, answer.logprobs, ROUNDING));
    return same ? verdict('node', 'consistent') : verdict('client', 'not_repeated');
}

function equal(left: readonly number[], right: readonly number[], within = 0): boolean {
    return (
        left.length === right.length &&
        left.every((value, index) => Math.abs(value - right[index]!) <= within)
    );
}

function verdict(vote: Vote, reason: VerdictReason, statistics: VerdictStatistics | null = null): Verdict {
    return { vote, reason, statistics };
}
