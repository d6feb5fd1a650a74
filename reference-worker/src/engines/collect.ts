import type { Completion, CompletionToken, EngineToken, StreamEnd, ToolCall, ToolCallDelta } from './types';

/** Reads a stream to its end and puts the answer together. */
export async function collect(
    stream: AsyncGenerator<readonly EngineToken[], StreamEnd, void>,
    onToken?: (text: string) => void,
): Promise<Completion> {
    let text = '';
    const tokenIds: number[] = [];
    const logprobs: CompletionToken[] = [];
    const calls: ToolCall[] = [];
    let step = await stream.next();
    for (; !step.done; step = await stream.next()) {
        for (const token of step.value) {
            if (token.id !== null) tokenIds.push(token.id);
            if (token.logprob !== null) logprobs.push(entry(token, token.logprob));
            for (const delta of token.toolCalls ?? []) addCall(calls, delta);
            if (token.text === '') continue;
            text += token.text;
            onToken?.(token.text);
        }
    }
    return { text, tokenIds, logprobs, ...(calls.length > 0 ? { toolCalls: calls } : {}), ...step.value };
}

function entry({ id, token, top }: EngineToken, logprob: number): CompletionToken {
    return { id, text: token ?? '', logprob, ...(top ? { top } : {}) };
}

function addCall(calls: ToolCall[], delta: ToolCallDelta): void {
    calls[delta.index] ??= { id: delta.id ?? '', type: 'function', function: { name: '', arguments: '' } };
    const call = calls[delta.index]!;
    call.function.name += delta.function?.name ?? '';
    call.function.arguments += delta.function?.arguments ?? '';
}
