import type { EngineToken, TokenAlternative, ToolCallDelta } from '../types';
import { malformed } from './failures';

/** What this engine reads of a streamed chunk; by hand, because a schema library costs more than all the rest of a token. */
export interface StreamChunk {
    tokens: EngineToken[];
    finishReason?: string;
    usage?: { prompt_tokens: number; completion_tokens: number; cached: number };
}

type Fields = Record<string, unknown>;

/** Reads one payload of `/chat/completions` or `/completions`. Throws `EngineError` `server_error` when it is none. */
export function readChunk(data: string, wantedAlternatives: number): StreamChunk {
    let raw: unknown;
    try {
        raw = JSON.parse(data);
    } catch {
        throw malformed('a chunk is not JSON');
    }
    const body = object(raw, 'the chunk');
    if (body.error != null) throw malformed('it reported an error in the middle of the answer');
    const chunk: StreamChunk = { tokens: [] };
    if (body.usage != null) chunk.usage = usageOf(object(body.usage, 'usage'));
    if (body.choices == null) return chunk;
    const first = array(body.choices, 'choices')[0];
    if (first === undefined) return chunk;
    const choice = object(first, 'choices.0');
    if (choice.finish_reason != null) chunk.finishReason = string(choice.finish_reason, 'finish_reason');
    readTokens(choice, wantedAlternatives, chunk.tokens);
    return chunk;
}

function usageOf(usage: Fields): NonNullable<StreamChunk['usage']> {
    const details = usage.prompt_tokens_details;
    const cached = details == null ? undefined : object(details, 'usage.prompt_tokens_details').cached_tokens;
    return {
        prompt_tokens: count(usage.prompt_tokens, 'usage.prompt_tokens'),
        completion_tokens: count(usage.completion_tokens ?? 0, 'usage.completion_tokens'),
        cached: cached == null ? 0 : count(cached, 'usage.prompt_tokens_details.cached_tokens'),
    };
}

function readTokens(choice: Fields, wanted: number, tokens: EngineToken[]): void {
    const delta = choice.delta == null ? undefined : object(choice.delta, 'delta');
    const said = delta ? delta.content : choice.text;
    const text = said == null ? '' : string(said, 'content');
    const toolCalls = delta?.tool_calls == null ? undefined : toolCallsOf(delta.tool_calls);
    const ids = choice.token_ids == null ? [] : array(choice.token_ids, 'token_ids');
    const logprobs = choice.logprobs == null ? [] : logprobsOf(object(choice.logprobs, 'logprobs'), wanted);
    // A server that tells neither still sends about one token a chunk.
    const spoke = text !== '' || toolCalls !== undefined || (delta !== undefined && thinks(delta));
    const number = Math.max(ids.length, logprobs.length, spoke ? 1 : 0);
    for (let index = 0; index < number; index++) {
        const id = ids[index];
        const token: EngineToken = {
            text: index === 0 ? text : '',
            id: id === undefined ? null : count(id, 'token_ids'),
            logprob: null,
            count: 1,
        };
        const known = logprobs[index];
        if (known) Object.assign(token, known);
        if (index === 0 && toolCalls) token.toolCalls = toolCalls;
        tokens.push(token);
    }
}

/** Tokens of hidden reasoning are generated and counted, but are no part of the answer. */
function thinks(delta: Fields): boolean {
    return Boolean(delta.reasoning_content) || Boolean(delta.reasoning);
}

type Known = Pick<EngineToken, 'logprob' | 'token' | 'top'>;

function logprobsOf(logprobs: Fields, wanted: number): Known[] {
    if (logprobs.content != null) {
        return array(logprobs.content, 'logprobs.content').map((entry) => {
            const { token, logprob, top_logprobs: top } = object(entry, 'logprobs.content');
            const known: Known = {
                token: string(token, 'logprobs.content.token'),
                logprob: number(logprob, 'logprobs.content.logprob'),
            };
            if (wanted > 0) known.top = alternatives(top);
            return known;
        });
    }
    if (logprobs.tokens == null || logprobs.token_logprobs == null) return [];
    return legacyLogprobs(logprobs, wanted);
}

function alternatives(top: unknown): TokenAlternative[] {
    return array(top ?? [], 'top_logprobs').map((entry) => {
        const { token, logprob } = object(entry, 'top_logprobs');
        return {
            id: null,
            text: string(token, 'top_logprobs.token'),
            logprob: number(logprob, 'top_logprobs.logprob'),
        };
    });
}

/** The form of `/completions`: one array per field. */
function legacyLogprobs(logprobs: Fields, wanted: number): Known[] {
    const values = array(logprobs.token_logprobs, 'logprobs.token_logprobs');
    const tops = logprobs.top_logprobs == null ? [] : array(logprobs.top_logprobs, 'logprobs.top_logprobs');
    return array(logprobs.tokens, 'logprobs.tokens').map((token, index) => {
        const value = values[index];
        const known: Known = {
            token: string(token, 'logprobs.tokens'),
            logprob: value == null ? null : number(value, 'logprobs.token_logprobs'),
        };
        const top = tops[index];
        if (wanted > 0) {
            known.top = Object.entries(top == null ? {} : object(top, 'logprobs.top_logprobs'))
                .map(([text, logprob]) => ({ id: null, text, logprob: number(logprob, 'top_logprobs') }))
                .sort((left, right) => right.logprob - left.logprob);
        }
        return known;
    });
}

function toolCallsOf(raw: unknown): ToolCallDelta[] | undefined {
    const calls = array(raw, 'tool_calls').map((entry, position) => {
        const { index, id, function: called } = object(entry, 'tool_calls');
        const delta: ToolCallDelta = { index: index == null ? position : count(index, 'tool_calls.index') };
        if (id != null) {
            delta.id = string(id, 'tool_calls.id');
            delta.type = 'function';
        }
        if (called == null) return delta;
        const { name, arguments: text } = object(called, 'tool_calls.function');
        delta.function = {};
        if (name != null) delta.function.name = string(name, 'tool_calls.function.name');
        if (text != null) delta.function.arguments = string(text, 'tool_calls.function.arguments');
        return delta;
    });
    return calls.length > 0 ? calls : undefined;
}

function object(value: unknown, where: string): Fields {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
    throw otherForm(where);
}

function array(value: unknown, where: string): unknown[] {
    if (Array.isArray(value)) return value;
    throw otherForm(where);
}

function string(value: unknown, where: string): string {
    if (typeof value === 'string') return value;
    throw otherForm(where);
}

function number(value: unknown, where: string): number {
    if (typeof value === 'number') return value;
    throw otherForm(where);
}

function count(value: unknown, where: string): number {
    if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
    throw otherForm(where);
}

function otherForm(where: string) {
    return malformed(`a chunk has another form at ${where}`);
}
