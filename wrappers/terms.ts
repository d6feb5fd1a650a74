import { type Address, beginCell, type Cell } from '@ton/core';
import {
    loadJobParams,
    loadOtherKinds,
    loadStakeParams,
    loadTerms,
    storeJobParams,
    storeOtherKinds,
    storeStakeParams,
    storeTerms,
} from '../build/Registry/Registry_Registry';
import type { CodeId } from './code-id';
import { type DisputeParams, decodeDisputeParams, encodeDisputeParams } from './dispute-params';
import { cellOf } from './lib';

/** Layout of new terms cells. Older ones, under which contracts go on, are still read. */
export const TERMS_LAYOUT = 2;
/** Layout 1 ends its kinds before the parameters of disputes. */
const FIRST_DISPUTES_LAYOUT = 2;

/** Parameters of jobs. Amounts in nanoTON, windows in seconds, shares in basis points. */
export interface JobParams {
    treasury: Address;
    /** Of what the node earns, at most 1,000. */
    feeBps: number;
    /** Of the collateral, to the client when a node declines, at most 2,500. */
    declineBps: number;
    /** Of the collateral, when nothing is delivered in time. */
    timeoutSlashBps: number;
    keeperTip: bigint;
    /** To the treasury for posting, never returned. */
    postFee: bigint;
    /** From client to claimer when the content key does not come in time. */
    noKeyFee: bigint;
    maxCollateral: bigint;
    minWindow: number;
    maxWindow: number;
    maxItems: number;
    maxItemBytes: number;
}

/** Parameters of stakes. Amounts in nanoTON, periods in seconds. */
export interface StakeParams {
    minStake: bigint;
    /** Serves accusations only; at least `minStake`. */
    reserve: bigint;
    /** Longer than `evidenceWindow + longestDispute`. */
    unbondingPeriod: number;
    evidenceWindow: number;
    longestDispute: number;
    /** Slack of a lock's hard end beyond the longest path. */
    lockGrace: number;
}

/** Kinds beside Job and Market; null where these terms have none. */
export interface OtherKinds {
    vault: CodeId | null;
    /** Seconds from the request of a release until a Vault's allocation can be released; 0 without a vault. */
    releaseDelay: number;
    dispute: CodeId | null;
    attestor: Address | null;
    /** Present exactly when `dispute` is. */
    disputes: DisputeParams | null;
}

/** What contracts opened under these terms obey for ever. */
export interface Terms {
    layout: number;
    /** -239 main network, -3 test network, anything else private. */
    networkId: number;
    minNodeVersion: number;
    marketShards: number;
    bootstrap: CodeId;
    job: CodeId;
    market: CodeId;
    jobParams: JobParams;
    stakeParams: StakeParams;
    kinds: OtherKinds;
}

/** In the present layout, which is the only one that a Registry takes. */
export function encodeTerms(terms: Terms): Cell {
    return cellOf(
        storeTerms({
            $$type: 'Terms',
            layout: BigInt(terms.layout),
            networkId: BigInt(terms.networkId),
            minNodeVersion: BigInt(terms.minNodeVersion),
            marketShards: BigInt(terms.marketShards),
            bootstrapHash: terms.bootstrap.hash,
            bootstrapDepth: BigInt(terms.bootstrap.depth),
            jobHash: terms.job.hash,
            jobDepth: BigInt(terms.job.depth),
            marketHash: terms.market.hash,
            marketDepth: BigInt(terms.market.depth),
            jobParams: encodeJobParams(terms.jobParams),
            stakeParams: encodeStakeParams(terms.stakeParams),
            kinds: encodeKinds(terms.kinds),
        }),
    );
}

export function decodeTerms(cell: Cell): Terms {
    const terms = loadTerms(cell.beginParse());
    return {
        layout: Number(terms.layout),
        networkId: Number(terms.networkId),
        minNodeVersion: Number(terms.minNodeVersion),
        marketShards: Number(terms.marketShards),
        bootstrap: { hash: terms.bootstrapHash, depth: Number(terms.bootstrapDepth) },
        job: { hash: terms.jobHash, depth: Number(terms.jobDepth) },
        market: { hash: terms.marketHash, depth: Number(terms.marketDepth) },
        jobParams: decodeJobParams(terms.jobParams),
        stakeParams: decodeStakeParams(terms.stakeParams),
        kinds: decodeKinds(terms.kinds, Number(terms.layout)),
    };
}

function encodeJobParams(params: JobParams): Cell {
    return cellOf(
        storeJobParams({
            ...params,
            $$type: 'JobParams',
            feeBps: BigInt(params.feeBps),
            declineBps: BigInt(params.declineBps),
            timeoutSlashBps: BigInt(params.timeoutSlashBps),
            minWindow: BigInt(params.minWindow),
            maxWindow: BigInt(params.maxWindow),
            maxItems: BigInt(params.maxItems),
            maxItemBytes: BigInt(params.maxItemBytes),
        }),
    );
}

function decodeJobParams(cell: Cell): JobParams {
    const { $$type: _, ...params } = loadJobParams(cell.beginParse());
    return {
        ...params,
        feeBps: Number(params.feeBps),
        declineBps: Number(params.declineBps),
        timeoutSlashBps: Number(params.timeoutSlashBps),
        minWindow: Number(params.minWindow),
        maxWindow: Number(params.maxWindow),
        maxItems: Number(params.maxItems),
        maxItemBytes: Number(params.maxItemBytes),
    };
}

function encodeStakeParams(params: StakeParams): Cell {
    return cellOf(
        storeStakeParams({
            ...params,
            $$type: 'StakeParams',
            unbondingPeriod: BigInt(params.unbondingPeriod),
            evidenceWindow: BigInt(params.evidenceWindow),
            longestDispute: BigInt(params.longestDispute),
            lockGrace: BigInt(params.lockGrace),
        }),
    );
}

function decodeStakeParams(cell: Cell): StakeParams {
    const { $$type: _, ...params } = loadStakeParams(cell.beginParse());
    return {
        ...params,
        unbondingPeriod: Number(params.unbondingPeriod),
        evidenceWindow: Number(params.evidenceWindow),
        longestDispute: Number(params.longestDispute),
        lockGrace: Number(params.lockGrace),
    };
}

function encodeKinds(kinds: OtherKinds): Cell {
    return cellOf(
        storeOtherKinds({
            $$type: 'OtherKinds',
            vaultHash: kinds.vault?.hash ?? 0n,
            vaultDepth: BigInt(kinds.vault?.depth ?? 0),
            releaseDelay: BigInt(kinds.releaseDelay),
            disputeHash: kinds.dispute?.hash ?? 0n,
            disputeDepth: BigInt(kinds.dispute?.depth ?? 0),
            attestor: kinds.attestor,
            disputes: kinds.disputes && encodeDisputeParams(kinds.disputes),
        }),
    );
}

function decodeKinds(cell: Cell, layout: number): OtherKinds {
    const complete = layout < FIRST_DISPUTES_LAYOUT ? withoutDisputes(cell) : cell;
    const kinds = loadOtherKinds(complete.beginParse());
    return {
        vault: present(kinds.vaultHash, kinds.vaultDepth),
        releaseDelay: Number(kinds.releaseDelay),
        dispute: present(kinds.disputeHash, kinds.disputeDepth),
        attestor: kinds.attestor,
        disputes: kinds.disputes && decodeDisputeParams(kinds.disputes),
    };
}

/** Kinds of layout 1, with the field that they lack. */
function withoutDisputes(cell: Cell): Cell {
    return beginCell().storeSlice(cell.beginParse()).storeBit(false).endCell();
}

function present(hash: bigint, depth: bigint): CodeId | null {
    return hash === 0n ? null : { hash, depth: Number(depth) };
}
