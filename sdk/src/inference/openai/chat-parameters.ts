import {
    boolean,
    type Check,
    either,
    fields,
    integer,
    invalid,
    list,
    number,
    object,
    oneOf,
    only,
    string,
    unsupported,
} from './check';

const one = 'Sessions answer one choice: send one request for each.';
const noAudio = 'Sessions carry text only.';

const part: Check = (value, at) => {
    fields({ type: string }, {})(value, at);
    const content = value as Record<string, unknown>;
    if (content.type === 'text') return fields({ text: string }, {})(value, at);
    if (content.type === 'refusal') return fields({ refusal: string }, {})(value, at);
    if (content.type === 'image_url') return image(content.image_url, `${at}.image_url`);
    unsupported(`${at}.type`, 'Content is text, or an image as a data URL where the model takes images.');
};

const image: Check = (value, at) => {
    fields({ url: string }, {})(value, at);
    // A node that fetched a URL would tell its host who asks what.
    if (!(value as { url: string }).url.startsWith('data:'))
        unsupported(`${at}.url`, 'Pass the image as a data URL: nodes fetch nothing.');
};

const content = either('a string or a list of content parts', string, list(part, 1, 1_024));

const toolCall = fields(
    { id: string, type: oneOf('function'), function: fields({ name: string, arguments: string }, {}) },
    {},
);

const message: Check = (value, at) => {
    fields(
        { role: oneOf('system', 'developer', 'user', 'assistant', 'tool', 'function') },
        {
            content,
            name: string,
            tool_calls: list(toolCall, 1, 128),
            tool_call_id: string,
        },
    )(value, at);
    const { role, content: said, tool_calls: calls, function_call: call } = value as Record<string, unknown>;
    if (said === undefined || said === null) {
        if (role !== 'assistant' || (calls == null && call == null))
            invalid(`${at}.content`, 'a string or a list of content parts');
    }
    if (role === 'tool') fields({ tool_call_id: string }, {})(value, at);
};

const functionTool = fields(
    {
        type: oneOf('function'),
        function: fields({ name: string }, { description: string, parameters: object, strict: boolean }),
    },
    {},
);

const toolChoice = either(
    '"none", "auto", "required" or an object that names a function',
    oneOf('none', 'auto', 'required'),
    fields({ type: oneOf('function'), function: fields({ name: string }, {}) }, {}),
);

const responseFormat: Check = (value, at) => {
    fields({ type: oneOf('text', 'json_object', 'json_schema') }, {})(value, at);
    if ((value as { type: string }).type === 'json_schema')
        fields(
            {
                json_schema: fields(
                    { name: string },
                    { schema: object, strict: boolean, description: string },
                ),
            },
            {},
        )(value, at);
};

/** What chat completions and completions have in common. */
export const SAMPLING = {
    model: string,
    stream: boolean,
    stream_options: fields({}, { include_usage: boolean, include_obfuscation: boolean }),
    max_tokens: integer(1),
    temperature: number(0, 2),
    top_p: number(0, 1),
    frequency_penalty: number(-2, 2),
    presence_penalty: number(-2, 2),
    seed: integer(Number.MIN_SAFE_INTEGER),
    stop: either('a string or a list of at most 4', string, list(string, 1, 4)),
    n: only(1, one),
    logit_bias: object,
    user: string,
} satisfies Record<string, Check>;

export const checkChat = fields(
    { model: string, messages: list(message, 1, 4_096) },
    {
        ...SAMPLING,
        max_completion_tokens: integer(1),
        logprobs: boolean,
        top_logprobs: integer(0, 20),
        tools: list(functionTool, 1, 128),
        tool_choice: toolChoice,
        parallel_tool_calls: boolean,
        response_format: responseFormat,
        reasoning_effort: string,
        metadata: object,
        store: boolean,
        prompt_cache_key: string,
        modalities: list(only('text', noAudio), 1, 1),
        audio: () => unsupported('audio', noAudio),
        web_search_options: () => unsupported('web_search_options', 'Nodes fetch nothing.'),
    },
);
