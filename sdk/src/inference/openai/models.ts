import { bytesToHex, integerToHash } from '../../utils';
import { ModelNotFoundError } from '../errors';
import type { ServedModelInfo } from '../types';

/** One model as the API lists it; what this network adds is under `cocoon`, prices in nanoTON per 1M tokens. */
export function modelObject(model: ServedModelInfo) {
    return {
        id: model.name,
        object: 'model',
        created: model.addedAt,
        owned_by: 'cocoon',
        cocoon: {
            model_id: bytesToHex(integerToHash(model.modelId)),
            nodes: model.nodes,
            context_length: model.contextLength,
            prices: {
                prompt: model.prices.prompt.toString(),
                cached_prompt: model.prices.cachedPrompt.toString(),
                completion: model.prices.completion.toString(),
            },
        },
    };
}

/** Answer of `GET /v1/models`. */
export function modelList(models: readonly ServedModelInfo[]) {
    return { object: 'list', data: models.map(modelObject) };
}

/** Answer of `GET /v1/models/{name}`. Throws ModelNotFoundError. */
export function findModelObject(models: readonly ServedModelInfo[], name: string) {
    const model = models.find((other) => other.name === name);
    if (model === undefined) throw new ModelNotFoundError(name);
    return modelObject(model);
}
