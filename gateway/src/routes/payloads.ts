import type { FastifyPluginAsync } from 'fastify';
import type { GatewayContext } from '../context';
import { ApiError } from '../http/api-error';

/** GET /payloads/{id}: sealed batches for the nodes that claimed them. Ciphertext, under a name that nobody can guess. */
export function payloadRoutes({ database }: GatewayContext): FastifyPluginAsync {
    return async (app) => {
        app.get<{ Params: { id: string } }>('/payloads/:id', async ({ params }, reply) => {
            const { rows } = await database.query<{ data: Buffer }>(
                'SELECT data FROM payloads WHERE id = $1',
                [params.id],
            );
            if (rows[0] === undefined) throw new ApiError('unknown_route');
            reply.header('content-type', 'application/octet-stream');
            return reply.send(rows[0].data);
        });
    };
}
