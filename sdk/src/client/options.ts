import { Address, type Sender } from '@ton/core';
import { InvalidArgumentError } from '../errors';
import { type JobStore, memoryJobStore } from '../jobs';
import { type ChainReader, createRpc, type EndpointConfig, type RpcOptions } from '../rpc';
import { createWalletSender, type MessageSender, type PendingStore, senderFrom, type Wallet } from '../send';
import { type Clock, type RandomBytes, secureRandomBytes, systemClock } from '../utils';
import type { ClientParts } from './client';
import { RegistryUnknownError } from './errors';
import { NETWORKS, type NetworkConfig, type NetworkName } from './networks';

/** RPC options are those of `createRpc`; `endpoint` or `endpoints` replace the network's own. */
export type CocoonOptions = Partial<Omit<RpcOptions, 'endpoints' | 'clock'>> & {
    /** `local` by default. */
    network?: NetworkName | NetworkConfig;
    /** A toncenter v2 JSON-RPC URL. */
    endpoint?: string | EndpointConfig;
    endpoints?: readonly (string | EndpointConfig)[];
    /** Any other access to the chain, instead of endpoints. */
    provider?: ChainReader;
    /** Address of the Registry. Null: there is none yet, as before `deployProtocol`. */
    registry?: Address | string | null;
    /** A wallet that signs here. */
    wallet?: Wallet;
    /** Whatever else can send: TON Connect's or any other @ton/core Sender with an address, or a MessageSender. */
    sender?: Sender | MessageSender;
    /** Where signed messages are kept until their outcome is known; with `wallet` only. */
    pending?: PendingStore;
    /** Where secrets of posted jobs are kept. In memory by default: a crash then loses answers that are paid for. */
    jobStore?: JobStore;
    /** For a whole trace; 180 s by default. */
    traceTimeoutMs?: number;
    /** Between two looks at the chain; 1.5 s by default. */
    intervalMs?: number;
    clock?: Clock;
    randomBytes?: RandomBytes;
};

/** Checks options and connects. Throws InvalidArgumentError, RegistryUnknownError, WalletKeyMismatchError. */
export function clientParts(options: CocoonOptions): ClientParts {
    const { clock = systemClock, intervalMs = 1_500, signal, randomBytes = secureRandomBytes } = options;
    const network = networkOf(options);
    const networkName = typeof options.network === 'object' ? 'this network' : (options.network ?? 'local');
    const reader = options.provider ?? createRpc({ ...options, endpoints: endpointsOf(options, network) });
    return {
        reader,
        networkName,
        networkId: network.networkId,
        registry: registryOf(options, network, networkName),
        sender: senderOf(options, reader, clock, intervalMs),
        jobStore: options.jobStore ?? memoryJobStore(),
        clock,
        randomBytes,
        waiting: { timeoutMs: options.traceTimeoutMs ?? 180_000, intervalMs, signal },
    };
}

function networkOf({ network = 'local' }: CocoonOptions): NetworkConfig {
    if (typeof network !== 'string') return network;
    const known = NETWORKS[network];
    if (known === undefined) {
        throw new InvalidArgumentError(`The network must be local, testnet, mainnet or a NetworkConfig.`);
    }
    return known;
}

function endpointsOf(options: CocoonOptions, network: NetworkConfig) {
    if (options.endpoint !== undefined && options.endpoints !== undefined) {
        throw new InvalidArgumentError('Give endpoint or endpoints, not both.');
    }
    return options.endpoint !== undefined ? [options.endpoint] : (options.endpoints ?? network.endpoints);
}

function registryOf(options: CocoonOptions, network: NetworkConfig, name: string): Address | undefined {
    if (options.registry === null) return undefined;
    const registry = options.registry ?? network.registry;
    if (registry === undefined) throw new RegistryUnknownError(name);
    if (typeof registry !== 'string') return registry;
    try {
        return Address.parse(registry);
    } catch (cause) {
        throw new InvalidArgumentError('The registry is not a TON address.', { cause });
    }
}

function senderOf(
    options: CocoonOptions,
    reader: ChainReader,
    clock: Clock,
    intervalMs: number,
): MessageSender | undefined {
    const { wallet, sender, pending, signal } = options;
    if (wallet !== undefined && sender !== undefined) {
        throw new InvalidArgumentError('Give wallet or sender, not both.');
    }
    if (wallet !== undefined) {
        return createWalletSender({ reader, wallet, pending, clock, intervalMs, signal });
    }
    if (sender === undefined) return undefined;
    return 'sendMessages' in sender ? sender : senderFrom(sender, reader);
}
