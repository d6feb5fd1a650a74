import type { LogprobEntry } from '../delta';

/** `logprobs` of the completions API, from the entries that chat completions have. `offset` is where the text begins. */
export function legacyLogprobs(entries: readonly LogprobEntry[], offset: number) {
    const offsets: number[] = [];
    let next = offset;
    for (const { token } of entries) {
        offsets.push(next);
        next += String(token).length;
    }
    return {
        tokens: entries.map(({ token }) => token),
        token_logprobs: entries.map(({ logprob }) => logprob),
        top_logprobs: entries.map(({ top_logprobs: top }) =>
            Object.fromEntries((Array.isArray(top) ? top : []).map((other) => [other.token, other.logprob])),
        ),
        text_offset: offsets,
    };
}
