import { z } from 'zod';
import {
    check,
    invalid,
    limitField,
    refuseUnsupported,
    samplingFields,
    samplingOptions,
    schemaField,
} from './parse';
import type { ChatMessage, ChatRequest, Tool, ToolChoice } from './types';

const textPart = z.object({ type: z.literal('text'), text: z.string() });
const content = z.union(
    [z.string(), z.array(textPart).transform((parts) => parts.map((part) => part.text).join(''))],
    { error: 'expected a string or an array of text parts' },
);
const functionName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, _ or -');

const plainMessage = z.object({ role: z.enum(['system', 'user', 'developer']), content });
const assistantMessage = z.object({
    role: z.literal('assistant'),
    content: content.nullish(),
    tool_calls: z
        .array(
            z.object({
                id: z.string(),
                type: z.literal('function').default('function'),
                function: z.object({ name: z.string(), arguments: z.string() }),
            }),
        )
        .nullish(),
});
const toolMessage = z.object({ role: z.literal('tool'), content, tool_call_id: z.string() });

const tool = z.object({
    type: z.literal('function'),
    function: z.object({
        name: functionName,
        description: z.string().nullish(),
        parameters: schemaField.nullish(),
        strict: z.boolean().nullish(),
    }),
});

const chatRequest = z.object({
    ...samplingFields,
    messages: z.array(z.discriminatedUnion('role', [plainMessage, assistantMessage, toolMessage])).min(1),
    max_completion_tokens: limitField,
    logprobs: z.boolean().nullish(),
    top_logprobs: z.int().min(0).max(20).nullish(),
    modalities: z.array(z.literal('text')).nullish(),
    tools: z.array(tool).max(128).nullish(),
    tool_choice: z
        .union([
            z.enum(['none', 'auto', 'required']),
            z.object({ type: z.literal('function'), function: z.object({ name: z.string() }) }),
        ])
        .nullish(),
    parallel_tool_calls: z.boolean().nullish(),
});
type RawChat = z.output<typeof chatRequest>;

/**
 * Reads an OpenAI chat completion body (`/v1/chat/completions`).
 * Unknown fields are ignored; what would change the answer and is not supported (`n` above 1, images) is refused.
 * Throws {@link EngineError} `bad_request` or `unsupported` naming the field, never its value.
 */
export function parseChatRequest(body: unknown): ChatRequest {
    const raw = check(chatRequest, body);
    refuseUnsupported(body as object);
    const request: ChatRequest = { messages: raw.messages.map(toMessage), ...samplingOptions(raw) };
    if (raw.max_completion_tokens != null) request.maxTokens = raw.max_completion_tokens;
    if (raw.logprobs) request.logprobs = true;
    if (raw.logprobs && raw.top_logprobs) request.topLogprobs = raw.top_logprobs;
    if (raw.top_logprobs && !raw.logprobs) throw invalid('top_logprobs', 'expected logprobs: true beside it');
    addTools(request, raw);
    return request;
}

function toMessage(raw: RawChat['messages'][number]): ChatMessage {
    const message: ChatMessage = { role: raw.role, content: raw.content ?? '' };
    if (raw.role === 'assistant' && raw.tool_calls?.length) message.toolCalls = raw.tool_calls;
    if (raw.role === 'assistant' && raw.content == null && !raw.tool_calls?.length) {
        throw invalid('messages', 'expected content or tool_calls in an assistant message');
    }
    if (raw.role === 'tool') message.toolCallId = raw.tool_call_id;
    return message;
}

function addTools(request: ChatRequest, raw: RawChat): void {
    const choice = toChoice(raw.tool_choice);
    if (!raw.tools?.length) {
        if (choice && choice !== 'none' && choice !== 'auto') {
            throw invalid('tool_choice', 'asks for a tool, but tools is empty');
        }
        return;
    }
    request.tools = raw.tools.map(toTool);
    if (new Set(request.tools.map((each) => each.function.name)).size < request.tools.length) {
        throw invalid('tools', 'two functions have the same name');
    }
    if (typeof choice === 'object' && !request.tools.some((each) => each.function.name === choice.name)) {
        throw invalid('tool_choice.function.name', 'names none of the tools');
    }
    if (choice) request.toolChoice = choice;
    if (raw.parallel_tool_calls != null) request.parallelToolCalls = raw.parallel_tool_calls;
}

function toChoice(raw: RawChat['tool_choice']): ToolChoice | undefined {
    if (raw == null) return undefined;
    return typeof raw === 'string' ? raw : { name: raw.function.name };
}

function toTool(raw: NonNullable<RawChat['tools']>[number]): Tool {
    const { name, description, parameters, strict } = raw.function;
    return {
        type: 'function',
        function: {
            name,
            ...(description == null ? {} : { description }),
            ...(parameters == null ? {} : { parameters }),
            ...(strict == null ? {} : { strict }),
        },
    };
}
