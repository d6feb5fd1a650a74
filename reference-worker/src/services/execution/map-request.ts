import type { ChatRequest as JobRequest } from 'cocoon-sdk';
import type { ChatRequest } from '../../engines';

/** OpenAI's defaults: what a request does not say means the same here as there. */
const DEFAULT_TEMPERATURE = 1;
/** Engines take seeds of 31 bits. */
const SEEDS = 2 ** 31;

/** What no engine here can do; the item is answered with this as its error code. */
export class UnsupportedRequestError extends Error {
    readonly code = 'unsupported_parameter';
}

/** A request of a job as the engines take it. Throws UnsupportedRequestError. */
export function toEngineRequest(request: JobRequest): ChatRequest {
    if (request.frequency_penalty || request.presence_penalty) {
        throw new UnsupportedRequestError('penalties are not supported');
    }
    const mapped: ChatRequest = {
        messages: request.messages.map(({ role, content }) => ({ role, content })),
        temperature: request.temperature ?? DEFAULT_TEMPERATURE,
    };
    if (request.max_tokens !== undefined) mapped.maxTokens = request.max_tokens;
    // A nucleus of nothing is the most likely token alone.
    if (request.top_p === 0) mapped.temperature = 0;
    else if (request.top_p !== undefined) mapped.topP = request.top_p;
    if (request.seed !== undefined) mapped.seed = request.seed % SEEDS;
    if (request.stop !== undefined) mapped.stop = [...request.stop];
    return mapped;
}
