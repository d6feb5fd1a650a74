import type { ChatMessage, ChatRequest, GenerationRequest, ResponseFormat, TextRequest } from '../types';

type Body = Record<string, unknown>;

/** The path below the base URL that answers a request. */
export function pathOf(request: GenerationRequest): string {
    return 'prompt' in request ? '/completions' : '/chat/completions';
}

/** A request in the form of the OpenAI API; fields that are undefined vanish in its JSON. */
export function bodyOf(request: GenerationRequest, model: string, seed: number): Body {
    return {
        model,
        ...('prompt' in request ? textFields(request) : chatFields(request)),
        max_tokens: request.maxTokens,
        temperature: request.temperature ?? 0,
        top_p: request.topP ?? 1,
        seed,
        stop: request.stop,
        frequency_penalty: request.frequencyPenalty,
        presence_penalty: request.presencePenalty,
        response_format: request.responseFormat && formatOf(request.responseFormat),
        stream: true,
        stream_options: { include_usage: true },
    };
}

export function messagesOf(messages: readonly ChatMessage[]): Body[] {
    return messages.map(({ role, content, toolCalls, toolCallId }) => ({
        role,
        content: toolCalls && content === '' ? null : content,
        tool_calls: toolCalls,
        tool_call_id: toolCallId,
    }));
}

function chatFields(request: ChatRequest): Body {
    const { toolChoice: choice } = request;
    return {
        messages: messagesOf(request.messages),
        logprobs: request.logprobs,
        top_logprobs: request.logprobs ? (request.topLogprobs ?? 0) : undefined,
        tools: request.tools,
        tool_choice: typeof choice === 'object' ? { type: 'function', function: choice } : choice,
        parallel_tool_calls: request.parallelToolCalls,
    };
}

function textFields(request: TextRequest): Body {
    return { prompt: request.prompt, logprobs: request.logprobs ? (request.topLogprobs ?? 0) : undefined };
}

function formatOf(format: ResponseFormat): Body {
    if (format.type === 'json_object') return { type: format.type };
    const { type, ...json_schema } = format;
    return { type, json_schema };
}
