import type { FastifyPluginAsync } from 'fastify';
import type { GatewayContext } from '../context';
import { inferenceHandler } from '../inference';

/** POST /v1/embeddings */
export function embeddingRoutes(context: GatewayContext): FastifyPluginAsync {
    return async (app) => {
        app.post('/embeddings', inferenceHandler(context, 'embedding'));
    };
}
