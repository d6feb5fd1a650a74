import { type ChatResult, encodeResult } from 'cocoon-sdk';
import type { Completion } from '../../engines';

/** Finer than any difference that a check of an answer could use; coarser than the noise between machines. */
const LOGPROB_DIGITS = 4;

/** The canonical response for a completion. `withLogprobs`: the request asked for them. */
export function toResult(completion: Completion, withLogprobs: boolean): Uint8Array {
    const { tokenIds, usage } = completion;
    const kept = withLogprobs && completion.logprobs.length === tokenIds.length && tokenIds.length > 0;
    return encodeResult({
        text: wellFormed(completion.text),
        tokenIds,
        logprobs: kept ? completion.logprobs.map(({ logprob }) => rounded(logprob)) : null,
        finishReason: completion.finishReason === 'length' ? 'length' : 'stop',
        seed: completion.seed,
        usage: { promptTokens: usage.promptTokens, completionTokens: usage.completionTokens },
    });
}

/** The response for an item that cannot be answered. */
export function toErrorResult(code: string): Uint8Array {
    const result: ChatResult = {
        text: '',
        tokenIds: [],
        logprobs: null,
        finishReason: 'error',
        seed: null,
        usage: { promptTokens: 0, completionTokens: 0 },
        error: code,
    };
    return encodeResult(result);
}

function rounded(logprob: number): number {
    const value = Math.max(-1e9, Math.min(0, logprob));
    // `+ 0` turns a negative zero, which has no canonical spelling, into zero.
    return Number(value.toFixed(LOGPROB_DIGITS)) + 0;
}

/** Half a surrogate pair has no UTF-8. */
function wellFormed(text: string): string {
    return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}
