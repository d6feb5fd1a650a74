export { collectAnswer } from './answer';
export { answerId } from './answer-id';
export { type AnswerHead, type ChunkWriter, chunkWriter } from './chunks';
export { type OpenAIErrorBody, type OpenAIErrorResponse, openAIError } from './errors';
export { findModelObject, modelList, modelObject } from './models';
export { type OpenAIRequest, parseRequest } from './request';
