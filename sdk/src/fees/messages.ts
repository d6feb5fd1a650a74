import * as w from 'cocoon-wrappers';
import { computeFee, forwardFee, storageReserve, traceFee } from './formulas';
import type { ChainPrices } from './prices';

// Mirrors contracts/*/fees.tact: gas from the bindings, messages, cells and bits here.

type Fee = (prices: ChainPrices) => bigint;

const settleLock: Fee = (p) => traceFee(p, w.GAS_SETTLE_LOCK, 3n, 3n, 1_200n);
const settle: Fee = (p) => traceFee(p, w.GAS_SETTLE, 6n, 6n, 3_000n) + settleLock(p);
const announce: Fee = (p) => computeFee(p, w.GAS_ANNOUNCE) + forwardFee(p, 1n, 400n);
const step: Fee = (p) => traceFee(p, w.GAS_JOB_STEP, 2n, 2n, 800n);
const plain = (p: ChainPrices, gas: bigint) => traceFee(p, gas, 2n, w.EVENT_CELLS, w.EVENT_BITS);

/** Least value in nanoTON that each message must bring for the fees of its whole trace, by what contracts demand. */
export const messageFees = {
    post: (p: ChainPrices) => announce(p) + traceFee(p, w.GAS_POST_JOB, 2n, 8n, 4_000n),
    jobStorage: (p: ChainPrices) => storageReserve(p, w.JOB_STORAGE_CELLS, w.JOB_STORAGE_BITS),
    /** DeployMarket demands nothing; this is its gas and the excess. */
    deployMarket: (p: ChainPrices) => traceFee(p, w.GAS_ANNOUNCE, 2n, 0n, 0n),
    marketStorage: (p: ChainPrices) => storageReserve(p, w.MARKET_STORAGE_CELLS, w.MARKET_STORAGE_BITS),
    /** DiscloseKey, SubmitResult. */
    step,
    announceAgain: (p: ChainPrices) => announce(p) + traceFee(p, w.GAS_JOB_STEP, 2n, 8n, 4_000n),
    /** AcceptResult, Finalize, Expire, CancelJob. */
    settle,
    destroy: (p: ChainPrices) => traceFee(p, w.GAS_DESTROY, 2n, 2n, 400n),
    claim: (p: ChainPrices) => traceFee(p, w.GAS_CLAIM, 4n, 4n, 2_800n),
    decline: (p: ChainPrices) => traceFee(p, w.GAS_DECLINE, 2n, 2n, 800n) + settle(p),
    /** Owner's messages that end at the Node. */
    nodeSimple: (p: ChainPrices) => traceFee(p, w.GAS_NODE_SIMPLE, 2n, 2n, 800n),
    /** For each offer that an UpdateProfile changes. */
    profileOffer: (p: ChainPrices, offers: number) =>
        computeFee(p, BigInt(offers) * w.GAS_UPDATE_PROFILE_OFFER),
    adoptTerms: (p: ChainPrices) => traceFee(p, w.GAS_ADOPT_TERMS, 4n, 16n, 8_000n),
    upgrade: (p: ChainPrices) => traceFee(p, w.GAS_UPGRADE, 4n, 300n, 120_000n),
    /** What a Node keeps beside its stake; a message of its owner refills it. */
    nodeStorage: (p: ChainPrices) => storageReserve(p, w.NODE_STORAGE_CELLS, w.NODE_STORAGE_BITS),
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
