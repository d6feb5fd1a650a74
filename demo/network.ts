import { type Address, toNano } from '@ton/core';
import { createDevnet, type Devnet } from 'cocoon-devnet';
import type { DisputeParams } from 'cocoon-sdk';
import { currentModelId, MODEL } from './model';
import { connect, createParty, type Party } from './wallets';

/** Any id but those of the public networks: windows may then be seconds instead of hours. */
const NETWORK_ID = -217;
const DAY = 86_400;

/** The local network with the protocol on it. */
export interface Network {
    readonly devnet: Devnet;
    readonly url: string;
    readonly networkId: number;
    readonly parties: Party[];
    /** Ends everything that still waits for the chain. */
    readonly end: AbortController;
    registry: Address | undefined;
    treasury: Party | undefined;
}

/** A local TON network on a free port, with fee prices as they are today. Blocks come steadily, as deadlines need them to. */
export async function startNetwork(): Promise<Network> {
    const devnet = await createDevnet({ blockMs: 250 });
    const { url } = await devnet.listen({ port: 0 });
    return {
        devnet,
        url,
        networkId: NETWORK_ID,
        parties: [],
        end: new AbortController(),
        registry: undefined,
        treasury: undefined,
    };
}

/** Deploys the Registry with the governor's wallet. Without `disputes` nothing can be disputed. */
export async function deploy(
    network: Network,
    disputes?: DisputeParams,
): Promise<{ registry: Address; fees: bigint }> {
    const governor = await createParty(network, 'governor', toNano('20'));
    const treasury = await createParty(network, 'treasury', toNano('1'));
    const { registry, result } = await connect(network, governor).network.deployProtocol({
        config: {
            networkId: NETWORK_ID,
            guardian: governor.contract.address,
            timelock: 3_600,
            marketShards: 2,
            jobParams: {
                treasury: treasury.contract.address,
                feeBps: 200,
                declineBps: 500,
                timeoutSlashBps: 5_000,
                keeperTip: toNano('0.02'),
                postFee: toNano('0.01'),
                noKeyFee: toNano('0.02'),
                maxCollateral: toNano('100'),
                minWindow: 5,
                maxWindow: 7 * DAY,
                maxItems: 4_096,
                maxItemBytes: 16_384,
            },
            stakeParams: {
                minStake: toNano('10'),
                reserve: toNano('10'),
                unbondingPeriod: 14 * DAY,
                evidenceWindow: 3 * DAY,
                longestDispute: 7 * DAY,
                lockGrace: DAY,
            },
            ...(disputes ? { disputeParams: disputes } : {}),
            models: new Map([[currentModelId(), MODEL]]),
        },
    });
    network.registry = registry;
    network.treasury = treasury;
    return { registry, fees: result?.fees ?? 0n };
}
