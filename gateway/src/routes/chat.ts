import type { FastifyPluginAsync } from 'fastify';
import type { GatewayContext } from '../context';
import { inferenceHandler } from '../inference';

/** POST /v1/chat/completions */
export function chatRoutes(context: GatewayContext): FastifyPluginAsync {
    return async (app) => {
        app.post('/chat/completions', inferenceHandler(context, 'chat'));
    };
}
