import { sha256 } from '@noble/hashes/sha2.js';
import type { Address, Cell } from '@ton/core';
import {
    cellHash,
    decodeTerms,
    deployMarketBody,
    encodeJobSpec,
    Job,
    type JobIdentity,
    type JobParams,
    type JobSpec,
    jobBodies,
    MAX_CLAIMS,
    MAX_OPEN_AHEAD,
    Market,
} from 'cocoon-wrappers';
import { type ChainPrices, messageFees, withMargin } from '../../fees';
import { identityFields, type JobRecord } from '../../jobs';
import {
    encodePayload,
    encodeRequest,
    encryptionKeyPair,
    inlinePayload,
    MAX_INLINE_BYTES,
    PayloadTooLargeError,
    type SealedContent,
    sealInput,
} from '../../payload';
import { bytesToHex, hashToInteger, integerToHash, type RandomBytes, secureRandomBytes } from '../../utils';
import type { TxParams } from '../tx-params';
import { type JobOrder, orderConditions } from './job-order';

export type PrepareJobParameters = JobOrder & {
    readonly registry: Address;
    /** The wallet that posts. */
    readonly client: Address;
    /** Terms cell. */
    readonly terms: Cell;
    /** Unix time of the chain. */
    readonly now: number;
    readonly prices: ChainPrices;
    /** The only node that may claim, with its encryption key; undefined: any node. */
    readonly direct?: { readonly index: number; readonly encryptionKey: bigint };
    readonly queryId?: bigint;
    readonly randomBytes?: RandomBytes;
};

/** A job that is ready to be posted. Amounts in nanoTON. */
export type PreparedJob = {
    readonly address: Address;
    readonly identity: JobIdentity;
    readonly spec: JobSpec;
    readonly specHash: bigint;
    /** Where an open job announces itself; undefined for a direct one. */
    readonly market: Address | undefined;
    /** Must be durable before the job is posted. */
    readonly record: JobRecord;
    /** What the job holds: highest price, fees and tips. */
    readonly escrow: bigint;
    /** Kept for storage until the job is destroyed. */
    readonly storageReserve: bigint;
    readonly post: TxParams;
    /** Only needed while the Market does not exist; before `post`. */
    readonly deployMarket: TxParams | undefined;
};

/**
 * Seals and commits to the requests and builds everything that is sent. No network is used, except by `publish`.
 * Throws InvalidArgumentError, PayloadContentError, PayloadTooLargeError.
 */
export async function prepareJob(parameters: PrepareJobParameters): Promise<PreparedJob> {
    const { registry, client, now, prices, queryId } = parameters;
    const random = parameters.randomBytes ?? secureRandomBytes;
    const terms = decodeTerms(parameters.terms);
    const conditions = orderConditions(parameters, terms.jobParams);
    const identity: JobIdentity = {
        registry,
        termsHash: cellHash(parameters.terms),
        client,
        nonce: parameters.nonce ?? BigInt(`0x${bytesToHex(random(8))}`),
        openBefore: parameters.openBefore ?? defaultOpenBefore(conditions, now),
    };
    const job = Job.fromIdentity(identity);
    const resultKeys = encryptionKeyPair(undefined, random);
    const content = {
        networkId: terms.networkId,
        job: job.address,
        items: parameters.items.map(encodeRequest),
        maxItemBytes: terms.jobParams.maxItemBytes,
        randomBytes: random,
    };
    const sealed = parameters.direct
        ? await sealInput({ ...content, nodePublicKey: integerToHash(parameters.direct.encryptionKey) })
        : { ...(await sealInput(content)), sealedKey: undefined };
    const spec: JobSpec = {
        ...conditions,
        direct: parameters.direct?.index,
        inputTop: hashToInteger(sealed.commitment.top),
        resultKey: hashToInteger(resultKeys.publicKey),
    };
    const specCell = encodeJobSpec(spec);
    const escrow = escrowOf(spec.maxPrice, terms.jobParams);
    const storageReserve = messageFees.jobStorage(prices);
    const market = parameters.direct ? undefined : marketOf(job.address, identity, spec, terms.marketShards);
    const body = jobBodies.post({
        queryId,
        terms: parameters.terms,
        spec: specCell,
        input: await payloadCell(sealed, parameters.publish),
        sealedKey: sealed.sealedKey,
    });
    return {
        address: job.address,
        identity,
        spec,
        specHash: cellHash(specCell),
        market: market?.address,
        record: {
            version: 1,
            networkId: terms.networkId,
            ...identityFields(identity),
            terms: parameters.terms.toBoc().toString('base64'),
            spec: specCell.toBoc().toString('base64'),
            contentKey: bytesToHex(sealed.contentKey),
            salts: sealed.salts.map(bytesToHex),
            resultSecretKey: bytesToHex(resultKeys.secretKey),
        },
        escrow,
        storageReserve,
        post: {
            to: job.address,
            value: escrow + storageReserve + withMargin(messageFees.post(prices)),
            body,
            init: job.init,
        },
        deployMarket: market && {
            to: market.address,
            value: withMargin(messageFees.marketStorage(prices) + messageFees.deployMarket(prices)),
            body: deployMarketBody({ queryId }),
            init: market.init,
        },
    };
}

/** What the contract keeps for a job beside its storage reserve, in nanoTON. */
export function escrowOf(maxPrice: bigint, params: JobParams): bigint {
    return maxPrice + params.postFee + MAX_CLAIMS * params.noKeyFee + (MAX_CLAIMS + 1n) * params.keeperTip;
}

/** The payload cell of sealed content: inline where it fits, else published. */
export async function payloadCell(
    content: SealedContent,
    publish?: (batch: Uint8Array) => Promise<string>,
): Promise<Cell> {
    const { batch } = content;
    if (batch.length <= MAX_INLINE_BYTES) return inlinePayload(content);
    if (publish === undefined) {
        throw new PayloadTooLargeError('Bytes of the sealed batch', batch.length, MAX_INLINE_BYTES, {
            remedy: 'Give publish, which puts the batch at an https URL, or split the work into smaller jobs.',
        });
    }
    const url = await publish(batch);
    return encodePayload({ kind: 'uri', url, size: batch.length, sha256: sha256(batch) });
}

function marketOf(job: Address, { registry, termsHash }: JobIdentity, spec: JobSpec, shards: number): Market {
    const shard = Market.shardOf(job, shards);
    return Market.fromIdentity({ registry, termsHash, modelId: spec.modelId, shard });
}

/** Late enough that the result can be read off the job's history, early enough that its storage returns soon. */
function defaultOpenBefore(windows: ReturnType<typeof orderConditions>, now: number): number {
    const { claimWindow, keyWindow, executionWindow, reviewWindow } = windows;
    const ahead = claimWindow + keyWindow + executionWindow + reviewWindow + 3_600;
    return now + Math.min(ahead, Number(MAX_OPEN_AHEAD) - 3_600);
}
