export { createEngine } from './create';
export { EngineError, type EngineErrorCode } from './errors';
export { LlamaEngine } from './llama';
export { createNullEngine } from './null';
export { OpenAiEngine } from './openai';
export {
    parseChatRequest,
    parseEmbeddingRequest,
    parseSessionRequest,
    parseTextRequest,
    type SessionRequest,
    type SessionTask,
} from './request';
export type * from './types';
