import type { InferenceRequest } from '../types';

/** Characters that tell one conversation from another; more would only cost time. */
const LOOKED_AT = 4_096;

/** 32-bit FNV-1a with a final mix, for spreading only: it never leaves the process. */
export function hash32(text: string, seed = 0): number {
    let hash = (0x811c9dc5 ^ seed) >>> 0;
    const length = Math.min(text.length, LOOKED_AT);
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
    return (hash ^ (hash >>> 16)) >>> 0;
}

/** Names the conversation of a request: its explicit id, else what its first turn says; undefined where nothing repeats. */
export function conversationOf({ task, body, conversation }: InferenceRequest): number | undefined {
    if (conversation !== undefined) return hash32(conversation, 1);
    if (task === 'completion')
        return typeof body.prompt === 'string' ? hash32(body.prompt.slice(0, 1_024), 2) : undefined;
    if (task !== 'chat' || !Array.isArray(body.messages)) return undefined;
    let hash = 3;
    for (const message of body.messages) {
        const { role, content } = (message ?? {}) as { role?: unknown; content?: unknown };
        hash = hash32(`${role}\n${typeof content === 'string' ? content : JSON.stringify(content)}`, hash);
        // Later turns differ from request to request.
        if (role === 'user') break;
    }
    return hash;
}
