import { unsupportedField } from './request/parse';
import type { EngineSupport, GenerationRequest } from './types';

/** Throws `EngineError` `unsupported` when the request needs what the engine cannot do. */
export function assertSupported(supports: EngineSupport, request: GenerationRequest): void {
    if ('prompt' in request) {
        if (!supports.completions) throw unsupportedField('prompt', 'use chat completions with this model');
    } else if (request.tools && request.toolChoice !== 'none' && !supports.tools) {
        throw unsupportedField('tools', 'leave it out, or ask a model that calls tools');
    }
    const format = request.responseFormat?.type;
    if (format === 'json_object' && !supports.jsonMode)
        throw unsupportedField('response_format', OTHER_MODEL);
    if (format === 'json_schema' && !supports.jsonSchema)
        throw unsupportedField('response_format', OTHER_MODEL);
    if (request.logprobs && !supports.logprobs) throw unsupportedField('logprobs', OTHER_MODEL);
}

const OTHER_MODEL = 'leave it out, or ask another model';
