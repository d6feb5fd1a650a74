import type { ChatResult } from '../payload';
import type { FinalInfo, SessionDelta } from '../session';
import type { ClaimedAnswer } from './types';

/** The answer that a job's result claims. */
export function answerOfResult({ text, tokenIds, logprobs, finishReason, seed }: ChatResult): ClaimedAnswer {
    return { text, tokenIds, logprobs, finish: finishReason, seed };
}

/**
 * The answer that a session's deltas claim.
 * @param final of a complete answer; null where only a part of it has a receipt.
 * @param seed of the receipt, 0 where the engine has none; for answers without `final`.
 */
export function answerOfDeltas(
    deltas: readonly SessionDelta[],
    final: FinalInfo | null,
    seed: bigint,
): ClaimedAnswer {
    const tokenIds = deltas.flatMap(({ i = [] }) => i);
    const logprobs = deltas.flatMap(({ p = [] }) => p);
    return {
        text: deltas.map(({ t = '' }) => t).join(''),
        tokenIds,
        // Where only some tokens have one, nobody can tell whose they are.
        logprobs: logprobs.length === tokenIds.length ? logprobs : null,
        finish: final?.finish ?? null,
        seed: final ? final.seed : Number(seed),
    };
}
