import { encodeChecked } from './chat-request';
import {
    fail,
    integerIn,
    listOf,
    nullable,
    numberIn,
    oneOf,
    parseCanonical,
    record,
    text,
} from './item-fields';

/** Why an answer ended. `error`: the item could not be answered, see `error`. */
export type FinishReason = 'stop' | 'length' | 'error';

/** Tokens of one answer. */
export type ItemUsage = { readonly promptTokens: number; readonly completionTokens: number };

/** One answer of a job: the canonical response that the result commitment binds. */
export type ChatResult = {
    readonly text: string;
    /** Token ids of the answer in the model's vocabulary; empty where the engine does not tell. */
    readonly tokenIds: readonly number[];
    /** Natural logarithms of the probabilities of the tokens, one for each token id; null where not kept. */
    readonly logprobs: readonly number[] | null;
    readonly finishReason: FinishReason;
    /** The sampling seed that was used; null where the engine does not tell. */
    readonly seed: number | null;
    readonly usage: ItemUsage;
    /** A stable code, e.g. `request_invalid`; there exactly when finishReason is `error`. */
    readonly error?: string;
};

const MAX_TOKENS = 1_048_576;
const tokenCount = integerIn(0, MAX_TOKENS);

const check = record(
    {
        text,
        tokenIds: listOf(integerIn(0, 0xffff_ffff), 0, MAX_TOKENS),
        logprobs: nullable(listOf(numberIn(-1e9, 0), 0, MAX_TOKENS)),
        finishReason: oneOf('stop', 'length', 'error'),
        seed: nullable(integerIn(0, Number.MAX_SAFE_INTEGER)),
        usage: record({ promptTokens: tokenCount, completionTokens: tokenCount }, {}),
    },
    { error: text },
);

/** Checks a result. Throws PayloadContentError, which names the field. */
export function checkResult(value: unknown): ChatResult {
    const result = check(value, 'result');
    if (result.logprobs !== null && result.logprobs.length !== result.tokenIds.length) {
        fail('result.logprobs', 'null or as long as tokenIds');
    }
    if ((result.finishReason === 'error') !== (result.error !== undefined)) {
        fail('result.error', 'there exactly when finishReason is "error"');
    }
    if (result.error !== undefined && !/^[a-z0-9_]{1,64}$/.test(result.error)) {
        fail('result.error', 'a code of lower-case letters, digits and underscores');
    }
    return result;
}

/** Bytes of a result as they are committed to. Throws PayloadContentError. */
export function encodeResult(result: ChatResult): Uint8Array {
    return encodeChecked(checkResult(result), 'result');
}

/** Reads a result. Throws PayloadContentError for anything that encodeResult cannot have made. */
export function decodeResult(bytes: Uint8Array): ChatResult {
    return checkResult(parseCanonical(bytes, 'result'));
}
