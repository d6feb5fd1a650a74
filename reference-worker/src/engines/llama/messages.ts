import type { ChatMessage, Tool, ToolCall } from '../types';

/** Messages as chat templates take them. */
export type TemplateMessage = Record<string, unknown>;

/** For a template that knows tools: calls keep their structure, arguments become objects, as templates expect. */
export function structured(messages: readonly ChatMessage[]): TemplateMessage[] {
    const names = callNames(messages);
    return messages.map(({ role, content, toolCalls, toolCallId }) => ({
        role: roleOf(role),
        content,
        ...(toolCalls ? { tool_calls: toolCalls.map(withObject) } : {}),
        ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId, name: names.get(toolCallId) }),
    }));
}

/** For a template that does not: everything is told in words. */
export function told(
    messages: readonly ChatMessage[],
    tools: readonly Tool[] | undefined,
): TemplateMessage[] {
    const names = callNames(messages);
    const plain = messages.map(({ role, content, toolCalls, toolCallId }) => {
        if (role === 'tool') {
            return {
                role: 'user',
                content: `Result of ${names.get(toolCallId!) ?? 'the function'}: ${content}`,
            };
        }
        const calls = (toolCalls ?? []).map(({ function: called }) => callText(called));
        return { role: roleOf(role), content: [content, ...calls].filter((part) => part !== '').join('\n') };
    });
    if (!tools) return plain;
    const introduction = introduce(tools);
    const [first, ...rest] = plain;
    // One system message at the beginning is what every template takes.
    if (first?.role === 'system') {
        return [{ role: 'system', content: `${first.content}\n\n${introduction}` }, ...rest];
    }
    return [{ role: 'system', content: introduction }, ...plain];
}

function roleOf(role: ChatMessage['role']): string {
    return role === 'developer' ? 'system' : role;
}

function callNames(messages: readonly ChatMessage[]): Map<string, string> {
    return new Map(
        messages.flatMap(({ toolCalls = [] }) =>
            toolCalls.map((call) => [call.id, call.function.name] as const),
        ),
    );
}

function withObject(call: ToolCall): Record<string, unknown> {
    const { name, arguments: text } = call.function;
    return { id: call.id, type: call.type, function: { name, arguments: parsed(text) } };
}

function parsed(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return text;
    }
}

function callText({ name, arguments: text }: ToolCall['function']): string {
    return `{"name":${JSON.stringify(name)},"arguments":${text}}`;
}

function introduce(tools: readonly Tool[]): string {
    const functions = tools.map((tool) => JSON.stringify(tool.function)).join('\n');
    return `You can call these functions:\n${functions}\nCall one by answering {"name": …, "arguments": {…}}.`;
}
