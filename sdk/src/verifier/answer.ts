import type { DisclosedAnswer, DisclosedItem } from '../disputes';
import { type ChatResult, encodeResult } from '../payload';
import type { FinalInfo, SessionDelta } from '../session';
import type { ClaimedAnswer, ClaimedRequest } from './types';

/** A node cuts an answer until it fits; what it arrives at is never shorter than this part of the room. */
const FULL = 4;

/**
 * The answer that a job's result claims.
 * @param maxItemBytes of the job's terms.
 */
export function answerOfResult(result: ChatResult, maxItemBytes: number): ClaimedAnswer {
    const { text, tokenIds, logprobs, finishReason, seed, error } = result;
    return {
        text,
        tokenIds,
        logprobs,
        finish: finishReason,
        seed,
        fillsItsRoom: FULL * encodeResult(result).length >= maxItemBytes,
        ...(error === undefined ? {} : { error }),
    };
}

/**
 * The answer that a session's deltas claim.
 * @param final of a complete answer; undefined where only a part of it has a receipt.
 */
export function answerOfDeltas(deltas: readonly SessionDelta[], final: FinalInfo | undefined): ClaimedAnswer {
    const tokenIds = deltas.flatMap(({ i = [] }) => i);
    const logprobs = deltas.flatMap(({ p = [] }) => p);
    return {
        text: deltas.map(({ t = '' }) => t).join(''),
        tokenIds,
        // Where only some tokens have one, nobody can tell whose they are.
        logprobs: logprobs.length === tokenIds.length ? logprobs : null,
        finish: final?.finish ?? null,
        seed: final?.seed ?? null,
    };
}

/**
 * What a disclosure says was asked and answered.
 * @param maxItemBytes of the job's terms; a session's answers have no such limit.
 */
export function claimOf(
    disclosed: DisclosedItem | DisclosedAnswer,
    maxItemBytes: number,
): { readonly request: ClaimedRequest; readonly answer: ClaimedAnswer } {
    if (disclosed.kind === 'job') {
        const { request, result } = disclosed;
        return { request: { task: 'chat', body: request }, answer: answerOfResult(result, maxItemBytes) };
    }
    const { task, body, deltas, final } = disclosed;
    return { request: { task, body }, answer: answerOfDeltas(deltas, final) };
}
