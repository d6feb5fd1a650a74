import type { SessionDelta } from 'cocoon-sdk';
import type { EngineToken, TokenAlternative } from '../engines';

/** What of an engine's steps goes to the client. */
export interface DeltaOptions {
    /** The engine tells ids, so they are what is counted and paid. */
    withIds: boolean;
    /** The client asked for log-probabilities. */
    withLogprobs: boolean;
}

/** One delta for all tokens that came at once. Undefined when there is nothing to say. */
export function deltaOf(
    tokens: readonly EngineToken[],
    { withIds, withLogprobs }: DeltaOptions,
): SessionDelta | undefined {
    let t = '';
    const i: number[] = [];
    const p: number[] = [];
    const l: unknown[] = [];
    const c: unknown[] = [];
    for (const token of tokens) {
        t += token.text;
        if (withIds && token.id !== null) {
            i.push(token.id);
            if (token.logprob !== null) p.push(token.logprob);
        }
        if (withLogprobs && token.token !== undefined) l.push(logprobEntry(token));
        if (token.toolCalls) c.push(...token.toolCalls);
    }
    const delta: SessionDelta = {
        ...(t !== '' && { t }),
        ...(i.length > 0 && { i }),
        // One entry per id or none: an engine that tells only some tells nothing that can be used.
        ...(p.length > 0 && p.length === i.length && { p }),
        ...(l.length > 0 && { l }),
        ...(c.length > 0 && { c }),
    };
    return Object.keys(delta).length > 0 ? delta : undefined;
}

/** Tokens up to a number of generated ones, and the rest. What stands for none goes with what was before it. */
export function splitTokens(
    tokens: readonly EngineToken[],
    room: number,
): [now: readonly EngineToken[], later: readonly EngineToken[], count: number] {
    let count = 0;
    for (const [index, token] of tokens.entries()) {
        if (count + token.count > room) return [tokens.slice(0, index), tokens.slice(index), count];
        count += token.count;
    }
    return [tokens, [], count];
}

/** As OpenAI's `logprobs.content`. */
function logprobEntry({ token, logprob, top }: EngineToken): unknown {
    const entry = { token: token!, logprob: logprob ?? 0, bytes: bytesOf(token!) };
    return { ...entry, top_logprobs: (top ?? []).map(alternative) };
}

function alternative({ text, logprob }: TokenAlternative) {
    return { token: text, logprob, bytes: bytesOf(text) };
}

function bytesOf(text: string): number[] {
    return [...Buffer.from(text)];
}
