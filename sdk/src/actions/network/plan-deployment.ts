import type { Address, Cell } from '@ton/core';
import {
    type CodeId,
    cellHash,
    codeId,
    Dispute,
    type DisputeParams,
    encodeRelease,
    encodeTerms,
    Job,
    type JobParams,
    Market,
    type NewModel,
    Node,
    Registry,
    registryBodies,
    type StakeParams,
    TERMS_LAYOUT,
    Vault,
} from 'cocoon-wrappers';
import { type ChainPrices, messageFees, withMargin } from '../../fees';
import type { TxParams } from '../tx-params';

/** Long enough for a node that was down for hours to redeem its vouchers. */
const DEFAULT_RELEASE_DELAY = 6 * 3_600;

/** What a network is deployed with. Amounts in nanoTON, times in seconds. */
export type DeploymentConfig = {
    /** -239 mainnet, -3 testnet, anything else private (bounds of seconds instead of hours). */
    readonly networkId: number;
    /** Tells several networks of one governor apart; 0 by default. */
    readonly salt?: bigint;
    readonly guardian: Address;
    /** Between a proposal and its execution. */
    readonly timelock: number;
    readonly marketShards: number;
    readonly jobParams: JobParams;
    readonly stakeParams: StakeParams;
    /** Seconds from the request of a release until an allocation of a vault can be released; 6 hours by default. */
    readonly releaseDelay?: number;
    /** Without them nothing can be disputed under these terms. */
    readonly disputeParams?: DisputeParams;
    /** By model id. */
    readonly models?: ReadonlyMap<bigint, NewModel>;
    /** What the deployer reviewed; a difference stops the deployment before anything is sent. */
    readonly expected?: DeploymentExpectation;
};

export type DeploymentExpectation = {
    readonly registry?: Address;
    readonly termsHash?: bigint;
    readonly releaseHash?: bigint;
    /** Code hashes. */
    readonly codes?: Partial<Record<ContractKind, bigint>>;
};

export type ContractKind = 'registry' | 'bootstrap' | 'node' | 'job' | 'market' | 'vault' | 'dispute';

/** All that a deployment will be, known before anything is sent. */
export type DeploymentPlan = {
    readonly registry: Address;
    readonly governor: Address;
    readonly termsHash: bigint;
    readonly terms: Cell;
    readonly releaseHash: bigint;
    readonly release: Cell;
    readonly codes: Readonly<Record<ContractKind, CodeId>>;
    /** What is attached, and the part of it that stays as storage reserve. The rest returns, less fees. */
    readonly value: bigint;
    readonly storageReserve: bigint;
    readonly message: TxParams;
};

/** Computes addresses, hashes, costs and the message of a deployment. Pure. */
export function planDeployment(
    config: DeploymentConfig,
    governor: Address,
    prices: ChainPrices,
): DeploymentPlan {
    const bootstrap = Node.bootstrapCode();
    const terms = encodeTerms({
        layout: TERMS_LAYOUT,
        networkId: config.networkId,
        minNodeVersion: 1,
        marketShards: config.marketShards,
        bootstrap: codeId(bootstrap),
        job: codeId(Job.code()),
        market: codeId(Market.code()),
        jobParams: config.jobParams,
        stakeParams: config.stakeParams,
        kinds: {
            vault: codeId(Vault.code()),
            releaseDelay: config.releaseDelay ?? DEFAULT_RELEASE_DELAY,
            dispute: config.disputeParams ? codeId(Dispute.code()) : null,
            attestor: null,
            disputes: config.disputeParams ?? null,
        },
    });
    const release = encodeRelease({ version: 1, code: Node.code(), migrator: null });
    const registry = Registry.fromConfig({ governor, salt: config.salt ?? 0n, bootstrap });
    const models = config.models ?? new Map<bigint, NewModel>();
    const storageReserve = messageFees.registryStorage(prices, sizeOf(release), models.size);
    const value = storageReserve + withMargin(messageFees.init(prices));
    const body = registryBodies.init({
        guardian: config.guardian,
        timelock: config.timelock,
        terms,
        release,
        bootstrap,
        models,
    });
    return {
        registry: registry.address,
        governor,
        terms,
        termsHash: cellHash(terms),
        release,
        releaseHash: cellHash(release),
        codes: {
            registry: codeId(Registry.code()),
            bootstrap: codeId(bootstrap),
            node: codeId(Node.code()),
            job: codeId(Job.code()),
            market: codeId(Market.code()),
            vault: codeId(Vault.code()),
            dispute: codeId(Dispute.code()),
        },
        value,
        storageReserve,
        message: { to: registry.address, value, body, init: registry.init },
    };
}

/** Distinct cells below and with `root`, and their bits. */
function sizeOf(root: Cell): { cells: number; bits: number } {
    const seen = new Set<string>();
    let bits = 0;
    const open: Cell[] = [root];
    for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
        const hash = cell.hash().toString('hex');
        if (seen.has(hash)) continue;
        seen.add(hash);
        bits += cell.bits.length;
        open.push(...cell.refs);
    }
    return { cells: seen.size, bits };
}
