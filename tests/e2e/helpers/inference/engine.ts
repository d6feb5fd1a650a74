import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

interface Message {
    role: string;
    content: string | null;
    tool_calls?: unknown[];
}
interface Body {
    model: string;
    stream?: boolean;
    stream_options?: { include_usage?: boolean };
    messages?: Message[];
    prompt?: string;
    input?: string | string[];
    dimensions?: number;
    max_tokens?: number;
    tools?: { function: { name: string } }[];
    response_format?: { type: string };
    logprobs?: boolean | number;
    top_logprobs?: number;
}

/** Tokens of the context. */
export const CONTEXT = 8_192;

/**
 * An inference server with OpenAI's API whose answers follow from the question, so that tests can ask for anything:
 * `say <text>` repeats the text, `count <n>` counts to n, `slowly` waits 50 ms before each token, `hang` never answers,
 * `break` hangs up half-way, `fail` answers 500. With tools it calls the first one.
 */
export class ScriptedEngine {
    readonly requests: Body[] = [];
    /** Requests whose client went away before the end. */
    aborted = 0;

    private constructor(private readonly server: Server) {}

    static async start(): Promise<ScriptedEngine> {
        const server = createServer();
        const engine = new ScriptedEngine(server);
        server.on('request', (request, response) => {
            engine.serve(request, response).catch(() => response.destroy());
        });
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        return engine;
    }

    get baseUrl(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
    }

    async close(): Promise<void> {
        this.server.closeAllConnections();
        await new Promise((resolve) => this.server.close(resolve));
    }

    private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
        if (request.method === 'GET') {
            json(response, { object: 'list', data: [{ id: 'scripted', object: 'model' }] });
            return;
        }
        const parts: Buffer[] = [];
        for await (const part of request) parts.push(part as Buffer);
        const body = JSON.parse(Buffer.concat(parts).toString()) as Body;
        this.requests.push(body);
        if (request.url === '/v1/embeddings') return embeddings(body, response);
        const question = body.prompt ?? body.messages?.at(-1)?.content ?? '';
        if (question.includes('hang')) {
            response.once('close', () => this.aborted++);
            return;
        }
        if (usageOf(body, 0).prompt_tokens > CONTEXT) {
            json(response, { error: { message: 'Too long.', code: 'context_length_exceeded' } }, 400);
            return;
        }
        if (question.includes('fail')) {
            json(response, { error: { message: 'The engine failed.', code: 'internal' } }, 500);
            return;
        }
        await this.answer(body, question, response);
    }

    private async answer(body: Body, question: string, response: ServerResponse): Promise<void> {
        const isChat = body.messages !== undefined;
        const calls = isChat && body.tools && body.messages!.at(-1)!.role !== 'tool';
        const all = calls ? [] : tokensOf(body, question);
        const tokens = all.slice(0, body.max_tokens ?? all.length);
        const finish = calls ? 'tool_calls' : tokens.length < all.length ? 'length' : 'stop';
        const usage = usageOf(body, calls ? 8 : tokens.length);
        const events = new Events(body, isChat, response);
        let over = false;
        response.once('close', () => {
            if (!over) this.aborted++;
        });
        if (calls) events.toolCall(body.tools![0]!.function.name);
        for (const [index, token] of tokens.entries()) {
            if (response.destroyed) return;
            if (question.includes('slowly')) await sleep(50);
            if (question.includes('break') && index === 2) {
                response.destroy();
                return;
            }
            events.token(token);
        }
        over = true;
        events.end(finish, usage);
    }
}

function tokensOf(body: Body, question: string): string[] {
    if (body.response_format && body.response_format.type !== 'text')
        return ['{"', 'city', '":"', 'Paris', '"}'];
    const count = /count (\d+)/.exec(question);
    if (count) return Array.from({ length: Number(count[1]) }, (_, i) => (i === 0 ? '1' : ` ${i + 1}`));
    const said = /say ([^.]+)/.exec(question);
    return (said?.[1] ?? 'I heard you').split(/(?= )/);
}

function usageOf(body: Body, completion: number) {
    const text = body.prompt ?? body.messages!.map(({ content }) => content ?? '').join(' ');
    const prompt = Math.max(1, Math.ceil(text.length / 4));
    return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

/** One answer, streamed or whole. The worker asks for streams only. */
class Events {
    constructor(
        private readonly body: Body,
        private readonly isChat: boolean,
        private readonly response: ServerResponse,
    ) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
    }

    token(text: string): void {
        const content = this.body.logprobs
            ? {
                  logprobs: {
                      content: [
                          {
                              token: text,
                              logprob: -0.25,
                              bytes: [...Buffer.from(text)],
                              top_logprobs: Array.from({ length: this.body.top_logprobs ?? 0 }, (_, i) => ({
                                  token: i === 0 ? text : `other${i}`,
                                  logprob: -0.25 - i,
                                  bytes: null,
                              })),
                          },
                      ],
                  },
              }
            : {};
        const piece = this.isChat ? { delta: { content: text } } : { text };
        this.event([{ index: 0, ...piece, ...content, finish_reason: null }]);
    }

    toolCall(name: string): void {
        const call = (change: object) =>
            this.event([{ index: 0, delta: { tool_calls: [{ index: 0, ...change }] }, finish_reason: null }]);
        call({ id: 'call_1', type: 'function', function: { name, arguments: '' } });
        call({ function: { arguments: '{"city":' } });
        call({ function: { arguments: '"Paris"}' } });
    }

    end(finish: string, usage: object): void {
        const nothing = this.isChat ? { delta: {} } : { text: '' };
        this.event([{ index: 0, ...nothing, finish_reason: finish }]);
        this.event([], usage);
        this.response.end('data: [DONE]\n\n');
    }

    private event(choices: object[], usage?: object): void {
        const object = this.isChat ? 'chat.completion.chunk' : 'text_completion';
        const event = { id: 'scripted', object, created: 1, model: this.body.model, choices, usage };
        this.response.write(`data: ${JSON.stringify(event)}\n\n`);
    }
}

function embeddings(body: Body, response: ServerResponse): void {
    const inputs = [body.input ?? ''].flat();
    json(response, {
        object: 'list',
        model: body.model,
        data: inputs.map((text, index) => ({
            object: 'embedding',
            index,
            embedding: embeddingOf(text, body.dimensions ?? 8),
        })),
        usage: { prompt_tokens: inputs.length * 3, total_tokens: inputs.length * 3 },
    });
}

/** Numbers that 32-bit floats hold exactly, different for each text. */
export function embeddingOf(text: string, dimensions: number): number[] {
    const hash = createHash('sha256').update(text).digest();
    return Array.from({ length: dimensions }, (_, i) => (hash[i % 32]! - 128) / 128);
}

function json(response: ServerResponse, body: object, status = 200): void {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
}
