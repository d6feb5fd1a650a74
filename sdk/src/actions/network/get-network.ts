import { type NetworkData, Registry } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { NetworkMismatchError } from '../../client/errors';
import type { RpcError } from '../../rpc';

export type GetNetworkReturnType = NetworkData;
export type GetNetworkErrorType = NetworkMismatchError | RpcError;

/** State of the Registry. Throws NetworkMismatchError when it is not the network that the client is for. */
export async function getNetwork(client: CocoonClient): Promise<GetNetworkReturnType> {
    const network = await client.open(Registry.fromAddress(client.registry)).getNetwork();
    if (client.networkId !== undefined && client.networkId !== network.networkId) {
        throw new NetworkMismatchError(client.networkId, network.networkId);
    }
    return network;
}
