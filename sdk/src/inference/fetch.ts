import { AbortedError } from '../errors';
import { RequestParameterError, UnknownRouteError } from './errors';
import {
    type AnswerHead,
    answerId,
    chunkWriter,
    collectAnswer,
    findModelObject,
    modelList,
    type OpenAIRequest,
    openAIError,
    parseRequest,
} from './openai';
import type { Inference, InferenceAnswer, InferenceTask } from './types';

const TASKS: Readonly<Record<string, InferenceTask>> = {
    'chat/completions': 'chat',
    completions: 'completion',
    embeddings: 'embedding',
};

/**
 * A `fetch` that answers the OpenAI API itself: `new OpenAI({ fetch: createFetch(inference), apiKey: 'unused',
 * baseURL: 'https://cocoon.local/v1' })`. No request leaves for the base URL; keys are not looked at. Never rejects but for aborts.
 */
export function createFetch(inference: Inference): typeof globalThis.fetch {
    return async (input, init) => {
        const request = new Request(input, init);
        try {
            return await route(inference, request);
        } catch (error) {
            if (request.signal.aborted) throw abortReason(request.signal);
            const { status, headers, body } = openAIError(error);
            return Response.json(body, { status, headers });
        }
    };
}

async function route(inference: Inference, request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    // Whatever the base URL's path is.
    const path = /(chat\/completions|completions|embeddings|models(?:\/.+)?)\/?$/.exec(pathname)?.[1] ?? '';
    if (request.method === 'GET' && path === 'models')
        return Response.json(modelList(await inference.models()));
    if (request.method === 'GET' && path.startsWith('models/')) {
        const name = decodeURIComponent(path.slice('models/'.length));
        return Response.json(findModelObject(await inference.models(), name));
    }
    const task = TASKS[path];
    if (request.method !== 'POST' || task === undefined)
        throw new UnknownRouteError(request.method, pathname);
    return answer(inference, parseRequest(task, await bodyOf(request)), request.signal);
}

async function answer(inference: Inference, request: OpenAIRequest, signal: AbortSignal): Promise<Response> {
    const { task, model, body, conversation } = request;
    const running = await inference.run({ task, model, body, conversation, signal });
    const head = { id: answerId(task), created: running.createdAt, model };
    if (!request.stream) return Response.json(await collectAnswer(request, head, running));
    return new Response(eventStream(request, head, running), {
        headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
    });
}

function eventStream(
    request: OpenAIRequest,
    head: AnswerHead,
    answer: InferenceAnswer,
): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    const writer = chunkWriter(request, head);
    const deltas = answer[Symbol.asyncIterator]();
    return new ReadableStream({
        async pull(controller) {
            try {
                const step = await deltas.next();
                if (step.done !== true) return controller.enqueue(encoder.encode(writer.delta(step.value)));
                controller.enqueue(encoder.encode(writer.final(await answer.final)));
            } catch (error) {
                // An aborted caller does not read on; everybody else learns what happened.
                if (error instanceof AbortedError) return controller.error(error);
                controller.enqueue(encoder.encode(writer.error(error)));
            }
            controller.close();
        },
        async cancel() {
            await deltas.return?.();
        },
    });
}

async function bodyOf(request: Request): Promise<unknown> {
    try {
        return JSON.parse(await request.text());
    } catch (error) {
        if (request.signal.aborted) throw error;
        throw new RequestParameterError('invalid_value', null, 'The body is not JSON.');
    }
}

/** As the platform's fetch rejects. */
function abortReason(signal: AbortSignal): unknown {
    return signal.reason ?? new DOMException('The operation was aborted.', 'AbortError');
}
