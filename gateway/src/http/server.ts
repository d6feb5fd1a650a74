import { randomBytes } from 'node:crypto';
import cors from '@fastify/cors';
import { type FastifyInstance, fastify } from 'fastify';
import type { Batches } from '../batches';
import type { GatewayContext } from '../context';
import type { Files } from '../files';
import {
    batchRoutes,
    chatRoutes,
    completionRoutes,
    embeddingRoutes,
    fileRoutes,
    healthRoutes,
    modelRoutes,
    payloadRoutes,
} from '../routes';
import { ApiError, errorResponse } from './api-error';
import { requireKey } from './auth';

const CLIENT_ID = /^[\w.-]{1,64}$/;

export interface ServerParts {
    files: Files;
    batches: Batches | undefined;
}

/** The HTTP server with all routes, not listening yet. */
export async function createServer(context: GatewayContext, parts: ServerParts): Promise<FastifyInstance> {
    const { config, keys, logger, metrics } = context;
    const app = fastify({
        bodyLimit: config.limits.bodyBytes,
        genReqId: requestIds(),
        // Fastify would log paths and errors of every request; what is worth a line is logged below.
        logger: false,
        keepAliveTimeout: 75_000,
        requestTimeout: 0,
        forceCloseConnections: 'idle',
        return503OnClosing: false,
    });
    app.removeContentTypeParser('text/plain');
    if (config.http.corsOrigins.length > 0) {
        const { corsOrigins } = config.http;
        await app.register(cors, { origin: corsOrigins.includes('*') ? '*' : corsOrigins });
    }
    app.addHook('onRequest', (request, reply, done) => {
        reply.header('x-request-id', request.id);
        done();
    });
    app.addHook('onResponse', (request, reply, done) => {
        // The pattern, not the path: labels must not grow with what clients ask for.
        const route = request.routeOptions.url ?? 'unknown';
        metrics.requests.inc({ route, status: reply.raw.statusCode });
        metrics.requestSeconds.observe({ route }, reply.elapsedTime / 1000);
        done();
    });
    app.setErrorHandler((error, request, reply) => {
        const response = errorResponse(error);
        if (response.body.error.code === 'internal_error') {
            logger.error({ err: error, requestId: request.id }, 'a request failed unexpectedly');
        }
        return reply.code(response.status).headers(response.headers).send(response.body);
    });
    app.setNotFoundHandler(() => {
        throw new ApiError('unknown_route');
    });
    await app.register(healthRoutes(context));
    await app.register(payloadRoutes(context));
    await app.register(
        async (v1) => {
            requireKey(v1, keys);
            await v1.register(modelRoutes(context));
            await v1.register(chatRoutes(context));
            await v1.register(completionRoutes(context));
            await v1.register(embeddingRoutes(context));
            await v1.register(fileRoutes(context, parts.files));
            await v1.register(batchRoutes(parts.batches));
        },
        { prefix: '/v1' },
    );
    return app;
}

/** A client's own id where it is harmless, else a random prefix of the process and a number. */
function requestIds() {
    const prefix = `req_${randomBytes(6).toString('hex')}`;
    let count = 0;
    return (request: { headers: Record<string, string | string[] | undefined> }) => {
        const given = request.headers['x-request-id'];
        return typeof given === 'string' && CLIENT_ID.test(given)
            ? given
            : `${prefix}${(++count).toString(36)}`;
    };
}
