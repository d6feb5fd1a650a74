import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import {
    type AnswerHead,
    chunkWriter,
    collectAnswer,
    type InferenceAnswer,
    type OpenAIRequest,
} from 'cocoon-sdk';
import type { FastifyReply } from 'fastify';
import { errorResponse } from '../http/api-error';
import type { Accounted } from './session';

const SSE_HEADERS = {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    // Proxies that gather small pieces would hold back every token.
    'x-accel-buffering': 'no',
};

/** Answers with one JSON object. Throws as the answer does. */
export async function respondWhole(
    request: OpenAIRequest,
    head: AnswerHead,
    answer: InferenceAnswer,
    accounted: Accounted,
): Promise<string> {
    const object = await collectAnswer(request, head, answer);
    accounted.finish(await answer.final);
    return JSON.stringify(object);
}

/** Answers with server-sent events, one write for each delta. Errors become the last event. */
export async function respondStream(
    request: OpenAIRequest,
    head: AnswerHead,
    answer: InferenceAnswer,
    accounted: Accounted,
    reply: FastifyReply,
    reason: (error: unknown) => unknown,
): Promise<void> {
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, { ...SSE_HEADERS, ...(reply.getHeaders() as Record<string, string>) });
    const writer = chunkWriter(request, head);
    try {
        for await (const delta of answer) {
            // What comes in one turn, the end included, leaves in one packet.
            response.cork();
            setImmediate(() => response.uncork());
            if (!response.write(writer.delta(delta))) await drained(response);
        }
        const final = await answer.final;
        accounted.finish(final);
        response.end(writer.final(final));
    } catch (error) {
        accounted.fail(error);
        response.end(`data: ${JSON.stringify(errorResponse(reason(error)).body)}\n\n`);
    }
}

/** Resolves when the client took what was written, or is gone. */
async function drained(response: ServerResponse): Promise<void> {
    if (response.destroyed || response.closed) return;
    const closed = new AbortController();
    const onClose = () => closed.abort();
    response.once('close', onClose);
    await once(response, 'drain', { signal: closed.signal }).catch(() => undefined);
    response.off('close', onClose);
}
