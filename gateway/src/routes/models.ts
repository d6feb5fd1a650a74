import { findModelObject, modelList, type ServedModelInfo } from 'cocoon-sdk';
import type { FastifyPluginAsync } from 'fastify';
import type { GatewayContext } from '../context';
import type { ApiKey } from '../keys';

/** GET /v1/models and /v1/models/{name}: what nodes serve now and the key may use. */
export function modelRoutes({ models }: GatewayContext): FastifyPluginAsync {
    const allowed = async (key: ApiKey): Promise<readonly ServedModelInfo[]> => {
        const all = await models.list();
        return key.models === null ? all : all.filter(({ name }) => key.models?.includes(name));
    };
    return async (app) => {
        app.get('/models', async ({ apiKey }) => modelList(await allowed(apiKey)));
        // Names may have slashes.
        app.get<{ Params: { '*': string } }>('/models/*', async ({ apiKey, params }) =>
            findModelObject(await allowed(apiKey), params['*']),
        );
    };
}
