import { type AnswerHead, answerId, type InferenceTask } from 'cocoon-sdk';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayContext } from '../context';
import { ApiError } from '../http/api-error';
import { admitRequest } from './admit';
import { respondStream, respondWhole } from './respond';
import { Accounted } from './session';

/** The handler of one task's route. */
export function inferenceHandler(context: GatewayContext, task: InferenceTask) {
    const { config, limiter, running } = context;
    const timeoutMs = config.limits.requestTimeoutSeconds * 1000;
    return async (http: FastifyRequest, reply: FastifyReply) => {
        running.enter();
        const limit = new RequestLimit(reply, timeoutMs, running.force);
        try {
            return await answer(http, reply, limit);
        } catch (error) {
            throw limit.reason(error);
        } finally {
            limit.end();
            running.leave();
        }
    };

    async function answer(http: FastifyRequest, reply: FastifyReply, limit: RequestLimit) {
        const key = http.apiKey;
        const request = admitRequest(task, http.body, key);
        limiter.admit(key);
        const id = answerId(task);
        const bodyBytes = Number(http.headers['content-length'] ?? config.limits.bodyBytes);
        const accounted = new Accounted(context, { id, key, request, bodyBytes, signal: limit.signal });
        try {
            const found = await accounted.run();
            const head: AnswerHead = { id, created: found.createdAt, model: request.model };
            if (request.stream) {
                return await respondStream(request, head, found, accounted, reply, (error) =>
                    limit.reason(error),
                );
            }
            const body = await respondWhole(request, head, found, accounted);
            reply.header('content-type', 'application/json; charset=utf-8');
            return reply.send(body);
        } catch (error) {
            accounted.fail(error);
            throw error;
        }
    }
}

/** Ends a request whose client left, that takes too long, or that a drain throws out. */
class RequestLimit {
    readonly #abort = new AbortController();
    readonly #reply: FastifyReply;
    readonly #force: AbortSignal;
    readonly #timer: NodeJS.Timeout;
    #timedOut = false;

    constructor(reply: FastifyReply, timeoutMs: number, force: AbortSignal) {
        this.#reply = reply;
        this.#force = force;
        this.#timer = setTimeout(() => {
            this.#timedOut = true;
            this.#abort.abort();
        }, timeoutMs);
        reply.raw.on('close', this.#cut);
        force.addEventListener('abort', this.#cut);
    }

    get signal(): AbortSignal {
        return this.#abort.signal;
    }

    /** What the client is told: an abort by us has a better reason than that it was aborted. */
    reason(error: unknown): unknown {
        if (this.#timedOut) return new ApiError('request_timeout');
        if (this.#force.aborted) return new ApiError('draining', { retryAfterSeconds: 1 });
        return error;
    }

    end(): void {
        clearTimeout(this.#timer);
        this.#reply.raw.off('close', this.#cut);
        this.#force.removeEventListener('abort', this.#cut);
    }

    readonly #cut = () => this.#abort.abort();
}
