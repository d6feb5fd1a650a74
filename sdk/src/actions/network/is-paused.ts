import type { CocoonClient } from '../../client/client';
import { type NetworkMismatchError, NetworkPausedError } from '../../client/errors';
import type { RpcError } from '../../rpc';
import { getNetwork } from './get-network';

export type IsPausedReturnType = boolean;
export type IsPausedErrorType = NetworkMismatchError | RpcError;

/** Whether the guardian has paused the network for new registrations and jobs. */
export async function isPaused(client: CocoonClient): Promise<IsPausedReturnType> {
    const [{ pausedUntil }, now] = await Promise.all([getNetwork(client), client.getTime()]);
    return now < pausedUntil;
}

/** Throws NetworkPausedError while the network is paused. */
export async function assertNotPaused(client: CocoonClient): Promise<void> {
    const [{ pausedUntil }, now] = await Promise.all([getNetwork(client), client.getTime()]);
    if (now < pausedUntil) throw new NetworkPausedError(pausedUntil);
}
