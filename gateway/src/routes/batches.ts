import type { FastifyPluginAsync } from 'fastify';
import type { Batches } from '../batches';
import { ApiError } from '../http/api-error';
import { pageLimit } from '../http/page';

type WithId = { Params: { id: string } };

/** /v1/batches: create, look, list, cancel. Without batches every call says that there are none. */
export function batchRoutes(batches: Batches | undefined): FastifyPluginAsync {
    const enabled = (): Batches => {
        if (batches === undefined) throw new ApiError('batches_disabled');
        return batches;
    };
    return async (app) => {
        app.post('/batches', async ({ apiKey, body }) => enabled().create(apiKey, body));
        app.get<{ Querystring: { limit?: string; after?: string } }>('/batches', async ({ apiKey, query }) =>
            enabled().list(apiKey, pageLimit(query.limit, 20), query.after),
        );
        app.get<WithId>('/batches/:id', async ({ apiKey, params }) => enabled().get(apiKey, params.id));
        app.post<WithId>('/batches/:id/cancel', async ({ apiKey, params }) =>
            enabled().cancel(apiKey, params.id),
        );
    };
}
