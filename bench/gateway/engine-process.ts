import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PROMPT_TOKENS, TOKENS, WORD } from './load/expected';

// A null OpenAI engine: 64 tokens that take no time, streamed as one event each or in one answer. Every other cost of a
// request is what stands between it and the client.

const head = { id: 'chatcmpl-null', created: 1, model: 'null' };
const usage = {
    prompt_tokens: PROMPT_TOKENS,
    completion_tokens: TOKENS,
    total_tokens: PROMPT_TOKENS + TOKENS,
};

const whole = Buffer.from(
    JSON.stringify({
        ...head,
        object: 'chat.completion',
        choices: [
            {
                index: 0,
                message: { role: 'assistant', content: WORD.repeat(TOKENS) },
                logprobs: null,
                finish_reason: 'length',
            },
        ],
        usage,
    }),
);
const token = event({ index: 0, delta: { content: WORD }, finish_reason: null });
const last = event({ index: 0, delta: {}, finish_reason: 'length' });
const counted = event(undefined, usage);
const done = Buffer.from('data: [DONE]\n\n');

function event(choice?: object, counts?: object): Buffer {
    const chunk = {
        ...head,
        object: 'chat.completion.chunk',
        choices: choice ? [choice] : [],
        ...(counts ? { usage: counts } : {}),
    };
    return Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`);
}

function answer(body: string, response: ServerResponse): void {
    const request = JSON.parse(body) as { stream?: boolean; stream_options?: { include_usage?: boolean } };
    if (!request.stream) {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length });
        response.end(whole);
        return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let i = 0; i < TOKENS; i++) response.write(token);
    response.write(last);
    if (request.stream_options?.include_usage) response.write(counted);
    response.end(done);
}

function main(): void {
    const server = createServer((request, response) => {
        if (request.method === 'GET') {
            response.writeHead(200, { 'content-type': 'application/json' });
            response.end('{"object":"list","data":[{"id":"null","object":"model"}]}');
            return;
        }
        let body = '';
        request.setEncoding('utf8');
        request.on('data', (part: string) => {
            body += part;
        });
        request.on('end', () => answer(body, response));
    });
    server.keepAliveTimeout = 600_000;
    server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
    process.on('disconnect', () => process.exit());
}

main();
