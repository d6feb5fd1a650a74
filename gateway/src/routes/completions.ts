import type { FastifyPluginAsync } from 'fastify';
import type { GatewayContext } from '../context';
import { inferenceHandler } from '../inference';

/** POST /v1/completions */
export function completionRoutes(context: GatewayContext): FastifyPluginAsync {
    return async (app) => {
        app.post('/completions', inferenceHandler(context, 'completion'));
    };
}
