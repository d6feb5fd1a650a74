import type { OpenAIRequest, ServedModelInfo } from 'cocoon-sdk';

/** Prices of nodes differ: more than the cheapest asks is held, so that others can be asked as well. */
const MARGIN = 2n;
const PER = 1_000_000n;
/** What a node's template may add to a prompt, see the bound of prompt tokens in docs/spec/session.md. */
const PROMPT_EXTRA_TOKENS = 1_024;

/** The body's own limit of completion tokens. */
export function tokenLimit({ body }: OpenAIRequest): number | undefined {
    const limit = body.max_completion_tokens ?? body.max_tokens;
    return typeof limit === 'number' ? limit : undefined;
}

/** What a request can cost, in nanoTON: every byte a token, all tokens asked for generated. */
export function estimateCost(
    request: OpenAIRequest,
    model: ServedModelInfo | undefined,
    bodyBytes: number,
    defaultMaxTokens: number,
): bigint {
    if (model === undefined) return 1n;
    const { prompt, completion } = model.prices;
    const tokens = request.task === 'embedding' ? 0 : (tokenLimit(request) ?? defaultMaxTokens);
    const price = BigInt(bodyBytes + PROMPT_EXTRA_TOKENS) * prompt + BigInt(tokens) * completion;
    return (MARGIN * price) / PER + 1n;
}
