export { createEngine } from './create';
export { EngineError, type EngineErrorCode } from './errors';
export { LlamaEngine } from './llama';
export { createNullEngine } from './null';
export { OpenAiEngine } from './openai';
export { parseChatRequest } from './request';
export type * from './types';
