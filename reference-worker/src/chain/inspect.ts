import type { Address } from '@ton/core';
import { createRpc, type Rpc } from 'cocoon-sdk';
import type { Secrets, WorkerConfig } from '../config';
import { checkKeys, findNode, requireRegistry } from './checks';
import { ChainError } from './errors';
import type { TermsSurvey } from './served-terms';
import { type NodeView, readView } from './view';

/** The configured endpoints. `signal` ends every call. */
export function connectRpc(
    { network }: WorkerConfig,
    fetchImplementation: typeof fetch = fetch,
    signal?: AbortSignal,
): Rpc {
    return createRpc({
        endpoints: network.endpoints.map(({ url, apiKeyEnv }) => ({
            url,
            apiKey: apiKeyEnv ? process.env[apiKeyEnv] : undefined,
        })),
        timeoutMs: network.timeoutSeconds * 1000,
        ratePerSecond: network.ratePerSecond,
        fetch: fetchImplementation,
        signal,
    });
}

export interface Inspected {
    node: { address: Address; index: number };
    view: NodeView;
    /** Unix seconds of the block that was read. */
    time: number;
}

/**
 * Checks that network, registry, node, keys and terms fit this worker. Throws ChainError for what does not fit, RpcError
 * for trouble with the endpoints.
 */
export async function inspect(
    rpc: Rpc,
    config: WorkerConfig,
    wallet: Address,
    secrets: Secrets,
): Promise<Inspected> {
    const { registry, id: networkId } = config.network;
    await requireRegistry(rpc, registry, networkId);
    const node = await findNode(rpc, registry, config.node);
    const { view, time } = await readView(rpc, { registry, node: node.address, wallet, networkId });
    checkKeys(view, wallet, secrets);
    if (view.terms.served.size === 0) throw noServedTerms(view.terms);
    return { node, view, time };
}

function noServedTerms({ refused }: TermsSurvey): ChainError {
    const why = [...refused].map(([hash, reason]) => `${hash.slice(0, 8)}… (${reason})`).join(', ');
    return new ChainError(
        'no_served_terms',
        `the node serves under no terms that this worker has the contracts of: ${why || 'none held'}`,
        'install the worker version that belongs to the network, or let the owner adopt its present terms',
    );
}
