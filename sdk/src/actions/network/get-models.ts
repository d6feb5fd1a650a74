import { type ModelInfo, Registry } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import type { RpcError } from '../../rpc';

export type GetModelsReturnType = ReadonlyMap<bigint, ModelInfo>;
export type GetModelsErrorType = RpcError;

/** The model catalogue by model id, which is the SHA-256 of the model's manifest. */
export function getModels(client: CocoonClient): Promise<GetModelsReturnType> {
    return client.open(Registry.fromAddress(client.registry)).getModels();
}
