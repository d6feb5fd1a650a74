import { parseChatRequest } from './chat';
import { parseEmbeddingRequest, parseTextRequest } from './text';
import type { ChatRequest, EmbeddingRequest, TextRequest } from './types';

export { parseChatRequest, parseEmbeddingRequest, parseTextRequest };

/** What a session can ask for, each with the body of its OpenAI endpoint. */
export type SessionTask = 'chat' | 'completion' | 'embedding';

export type SessionRequest =
    | { task: 'chat'; request: ChatRequest }
    | { task: 'completion'; request: TextRequest }
    | { task: 'embedding'; request: EmbeddingRequest };

/** Reads the body of a session's request. Throws `EngineError` `bad_request` or `unsupported`. */
export function parseSessionRequest(task: SessionTask, body: unknown): SessionRequest {
    if (task === 'chat') return { task, request: parseChatRequest(body) };
    if (task === 'completion') return { task, request: parseTextRequest(body) };
    return { task, request: parseEmbeddingRequest(body) };
}
