/** OpenAI's entry of `logprobs.content`. */
type Entry = { readonly token?: unknown; readonly logprob?: unknown; readonly top_logprobs?: unknown };

/** `logprobs` of the completions API, from the entries that chat completions have. `offset` is where the text begins. */
export function legacyLogprobs(given: readonly unknown[], offset: number) {
    const entries = given.map((entry): Entry => entry ?? {});
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
            Object.fromEntries(
                (Array.isArray(top) ? top : []).map((other: Entry) => [other?.token, other?.logprob]),
            ),
        ),
        text_offset: offsets,
    };
}
