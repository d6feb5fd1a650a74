import type { FastifyInstance } from 'fastify';
import type { ApiKey, KeyCache } from '../keys';
import { ApiError } from './api-error';

declare module 'fastify' {
    interface FastifyRequest {
        /** Set before any handler under /v1 runs. */
        apiKey: ApiKey;
    }
}

/** Every route of the scope needs a key. Throws ApiError `invalid_api_key` before a body is read. */
export function requireKey(app: FastifyInstance, keys: KeyCache): void {
    app.decorateRequest('apiKey');
    app.addHook('onRequest', (request, _reply, done) => {
        const found = keys.get(request.headers.authorization);
        const accept = (key: ApiKey | undefined) => {
            if (key === undefined) return done(new ApiError('invalid_api_key'));
            request.apiKey = key;
            done();
        };
        // Nearly always known: then there is no promise to wait for.
        if (found instanceof Promise) found.then(accept, done);
        else accept(found);
    });
}
