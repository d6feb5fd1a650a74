import type { InferenceTask, OpenAIRequest } from 'cocoon-sdk';
import { parseRequest } from 'cocoon-sdk';
import { ApiError } from '../http/api-error';
import type { ApiKey } from '../keys';
import { tokenLimit } from './estimate';

/** Checks a body against the API and the key's own limits. Throws RequestParameterError or ApiError. */
export function admitRequest(task: InferenceTask, body: unknown, key: ApiKey): OpenAIRequest {
    const request = parseRequest(task, body);
    if (key.models !== null && !key.models.includes(request.model))
        throw new ApiError('model_not_allowed', { param: 'model' });
    if (key.maxTokens === null || task === 'embedding') return request;
    const limit = tokenLimit(request);
    if (limit === undefined) return { ...request, body: { ...request.body, max_tokens: key.maxTokens } };
    if (limit > key.maxTokens) {
        throw new ApiError('max_tokens_too_large', {
            param: request.body.max_completion_tokens === undefined ? 'max_tokens' : 'max_completion_tokens',
            message: `The limit of tokens is above the ${key.maxTokens} of the API key.`,
        });
    }
    return request;
}
