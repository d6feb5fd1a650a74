import type { InferenceDelta } from '../delta';
import type { InferenceAnswer, InferenceFinal } from '../types';
import type { AnswerHead } from './chunks';
import { embeddingObject } from './embedding';
import { legacyLogprobs } from './legacy-logprobs';
import type { OpenAIRequest } from './request';
import { receiptObject, usageObject } from './usage';

/** Reads an answer to its end and makes the object that the API returns without `stream`. Throws as the answer does. */
export async function collectAnswer(
    request: OpenAIRequest,
    head: AnswerHead,
    answer: InferenceAnswer,
): Promise<Record<string, unknown>> {
    const parts = new AnswerParts();
    for await (const delta of answer) parts.add(delta);
    const final = await answer.final;
    if (request.task === 'embedding') return embeddingObject(request, head, parts.rows, final);
    return request.task === 'chat' ? chatObject(head, parts, final) : completionObject(head, parts, final);
}

class AnswerParts {
    readonly texts: string[] = [];
    readonly reasoning: string[] = [];
    readonly logprobs: unknown[] = [];
    readonly rows: (readonly number[])[] = [];
    readonly toolCalls = new Map<number, ToolCall>();

    add({ t, r, l, c, e }: InferenceDelta): void {
        if (t !== undefined) this.texts.push(t);
        if (r !== undefined) this.reasoning.push(r);
        if (l !== undefined) this.logprobs.push(...l);
        if (e !== undefined) this.rows.push(...e);
        if (c !== undefined)
            for (const delta of c) mergeToolCall(this.toolCalls, (delta ?? {}) as ToolCallDelta);
    }
}

type ToolCallDelta = { readonly index?: number; readonly id?: unknown; readonly function?: unknown };
type ToolCall = { id: string; type: string; function: { name: string; arguments: string } };

/** Ids and names come once, arguments in pieces. */
function mergeToolCall(calls: Map<number, ToolCall>, delta: ToolCallDelta): void {
    const { index = 0 } = delta;
    const known = calls.get(index);
    const call = known ?? { id: '', type: 'function', function: { name: '', arguments: '' } };
    if (known === undefined) calls.set(index, call);
    const { name, arguments: piece } = (delta.function ?? {}) as { name?: unknown; arguments?: unknown };
    if (typeof delta.id === 'string') call.id = delta.id;
    if (typeof name === 'string') call.function.name += name;
    if (typeof piece === 'string') call.function.arguments += piece;
}

function chatObject(head: AnswerHead, parts: AnswerParts, final: InferenceFinal) {
    const calls = [...parts.toolCalls].sort(([a], [b]) => a - b).map(([, call]) => call);
    const text = parts.texts.join('');
    const message = {
        role: 'assistant',
        content: text === '' && calls.length > 0 ? null : text,
        refusal: null,
        ...(parts.reasoning.length > 0 && { reasoning_content: parts.reasoning.join('') }),
        ...(calls.length > 0 && { tool_calls: calls }),
    };
    const logprobs = parts.logprobs.length > 0 ? { content: parts.logprobs, refusal: null } : null;
    return {
        ...headMembers('chat.completion', head),
        choices: [{ index: 0, message, logprobs, finish_reason: final.finish }],
        usage: usageObject(final.usage),
        cocoon: receiptObject(final),
    };
}

function completionObject(head: AnswerHead, parts: AnswerParts, final: InferenceFinal) {
    const logprobs = parts.logprobs.length > 0 ? legacyLogprobs(parts.logprobs, 0) : null;
    return {
        ...headMembers('text_completion', head),
        choices: [{ index: 0, text: parts.texts.join(''), logprobs, finish_reason: final.finish }],
        usage: usageObject(final.usage),
        cocoon: receiptObject(final),
    };
}

function headMembers(object: string, { id, created, model }: AnswerHead) {
    return { id, object, created, model };
}
