import * as w from 'cocoon-wrappers';
import { disputeFees } from './dispute-messages';
import { computeFee, plainTraceFee, storageReserve, traceFee } from './formulas';
import type { ChainPrices } from './prices';

// Mirrors contracts/*/fees.tact: gas from the bindings, messages, cells and bits here.

type Fee = (prices: ChainPrices) => bigint;

const settle: Fee = (p) => plainTraceFee(p, w.GAS_SETTLE + w.GAS_SETTLE_LOCK, 8n);
const announce: Fee = (p) => traceFee(p, w.GAS_ANNOUNCE, 1n, w.SPEC_CELLS, w.SPEC_CONTENT_BITS);
const announcing = (p: ChainPrices, gas: bigint) =>
    announce(p) + traceFee(p, gas, 2n, w.ANNOUNCE_CELLS, w.ANNOUNCE_BITS);
const oneMessage = (p: ChainPrices, gas: bigint) => plainTraceFee(p, gas, 1n);
const releaseNow: Fee = (p) => oneMessage(p, w.GAS_RELEASE);
const plain = (p: ChainPrices, gas: bigint) => traceFee(p, gas, 2n, w.EVENT_CELLS, w.EVENT_BITS);

/** Least value in nanoTON that each message must bring for the fees of its whole trace, by what contracts demand. */
export const messageFees = {
    ...disputeFees,
    post: (p: ChainPrices) => announcing(p, w.GAS_POST_JOB),
    jobStorage: (p: ChainPrices) => storageReserve(p, w.JOB_STORAGE_CELLS, w.JOB_STORAGE_BITS),
    /** DeployMarket demands nothing; this is its gas and the excess. */
    deployMarket: (p: ChainPrices) => traceFee(p, w.GAS_ANNOUNCE, 2n, 0n, 0n),
    marketStorage: (p: ChainPrices) => storageReserve(p, w.MARKET_STORAGE_CELLS, w.MARKET_STORAGE_BITS),
    /** DiscloseKey, SubmitResult. */
    step: (p: ChainPrices) => plainTraceFee(p, w.GAS_JOB_STEP, 2n),
    announceAgain: (p: ChainPrices) => announcing(p, w.GAS_JOB_STEP),
    /** AcceptResult, Finalize, Expire, CancelJob. */
    settle: (p: ChainPrices) => settle(p),
    destroy: (p: ChainPrices) => plainTraceFee(p, w.GAS_DESTROY, 2n),
    claim: (p: ChainPrices) => traceFee(p, w.GAS_CLAIM, 4n, 2n, 1_300n),
    decline: (p: ChainPrices) => plainTraceFee(p, w.GAS_DECLINE, 1n) + settle(p),
    /** Owner's messages that end at the Node. */
    nodeSimple: (p: ChainPrices) => traceFee(p, w.GAS_NODE_SIMPLE, 2n, 2n, 600n),
    releaseLock: (p: ChainPrices) => plainTraceFee(p, w.GAS_RELEASE_LOCK, 2n),
    /** For each offer that an UpdateProfile changes. */
    profileOffer: (p: ChainPrices, offers: number) =>
        computeFee(p, BigInt(offers) * w.GAS_UPDATE_PROFILE_OFFER),
    adoptTerms: (p: ChainPrices) => traceFee(p, w.GAS_ADOPT_TERMS, 4n, 11n, 6_000n),
    upgrade: (p: ChainPrices) => traceFee(p, w.GAS_UPGRADE, 4n, 300n, 120_000n),
    /** What a Node keeps beside its stake; a message of its owner refills it. */
    nodeStorage: (p: ChainPrices) => storageReserve(p, w.NODE_STORAGE_CELLS, w.NODE_STORAGE_BITS),
    /** Vault: what stays in it for each allocation, and fees by their number; deposits come on top. */
    vaultStorage: (p: ChainPrices, allocations: number) =>
        storageReserve(
            p,
            w.VAULT_STORAGE_CELLS + BigInt(allocations) * w.ALLOCATION_STORAGE_CELLS,
            w.VAULT_STORAGE_BITS + BigInt(allocations) * w.ALLOCATION_STORAGE_BITS,
        ),
    openVault: (p: ChainPrices, allocations: number) =>
        computeFee(p, w.GAS_OPEN_VAULT + BigInt(allocations) * w.GAS_ALLOCATION),
    allocate: (p: ChainPrices, allocations: number) =>
        computeFee(p, w.GAS_ALLOCATE + BigInt(allocations) * w.GAS_ALLOCATION),
    topUpVault: (p: ChainPrices) => oneMessage(p, w.GAS_TOP_UP),
    increaseAllocation: (p: ChainPrices) => computeFee(p, w.GAS_INCREASE),
    requestRelease: (p: ChainPrices, slots: number) =>
        computeFee(p, w.GAS_REQUEST_RELEASE + BigInt(slots) * w.GAS_SLOT),
    finishRelease: (p: ChainPrices, slots: number) =>
        oneMessage(p, w.GAS_FINISH_RELEASE + BigInt(slots) * w.GAS_SLOT),
    withdrawFromVault: (p: ChainPrices) => oneMessage(p, w.GAS_WITHDRAW),
    redeem: (p: ChainPrices) => oneMessage(p, w.GAS_REDEEM),
    /** Payee -> Vault. */
    releaseNow: (p: ChainPrices) => releaseNow(p),
    /** Operator -> Node -> Vault. */
    releaseAllocation: (p: ChainPrices) =>
        traceFee(p, w.GAS_RELEASE_ALLOCATION, 1n, 1n, w.RELEASE_BITS) + releaseNow(p),
    destroyVault: (p: ChainPrices) => plainTraceFee(p, w.GAS_DESTROY_VAULT, 2n),
    /** Registry: Init, Propose, Execute, and the simple ones. */
    init: (p: ChainPrices) => plain(p, w.GAS_INIT),
    propose: (p: ChainPrices) => plain(p, w.GAS_PROPOSE),
    execute: (p: ChainPrices) => plain(p, w.GAS_EXECUTE),
    governance: (p: ChainPrices) => plain(p, w.GAS_SIMPLE),
    registryStorage: (
        p: ChainPrices,
        release: { readonly cells: number; readonly bits: number },
        models: number,
    ) =>
        storageReserve(
            p,
            w.REGISTRY_CELLS + BigInt(release.cells) + BigInt(models) * w.MODEL_CELLS,
            w.REGISTRY_BITS + BigInt(release.bits) + BigInt(models) * w.MODEL_BITS,
        ),
} as const;

/** Prices may change, and storage of the receiver may be due, between estimate and execution; the rest returns. */
const MARGIN_PERCENT = 25n;

/** A fee with the margin that the SDK attaches. */
export function withMargin(fee: bigint): bigint {
    return fee + (fee * MARGIN_PERCENT) / 100n;
}
