import type { Address } from '@ton/core';
import type { EndpointConfig } from '../rpc';

/** Where a network is. */
export type NetworkConfig = {
    /** -239 mainnet, -3 testnet, anything else private; undefined: whatever the Registry says. */
    readonly networkId?: number;
    /** toncenter v2 JSON-RPC URLs, the preferred one first. */
    readonly endpoints: readonly (string | EndpointConfig)[];
    readonly registry?: Address | string;
};

export type NetworkName = 'local' | 'testnet' | 'mainnet';

/** Built-in networks. None has a public Registry yet: pass `registry`. */
export const NETWORKS: Readonly<Record<NetworkName, NetworkConfig>> = {
    local: { endpoints: ['http://127.0.0.1:8081/jsonRPC'] },
    testnet: { networkId: -3, endpoints: ['https://testnet.toncenter.com/api/v2/jsonRPC'] },
    mainnet: { networkId: -239, endpoints: ['https://toncenter.com/api/v2/jsonRPC'] },
};
