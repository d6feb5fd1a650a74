import type { Cell } from '@ton/core';
import type { RandomBytes } from '../utils';
import { encodePayload } from './container';
import { type ExpectedCommitment, openContent, type SealedContent, sealContent } from './content';
import type { Direction, JobContext } from './context';
import { openKey, sealedKeyFromCell, sealedKeyToCell, sealKey } from './hpke';
import type { OpenedItem } from './item-cipher';

export type SealArgs = JobContext & {
    /** Encoded requests or responses, see encodeRequest and encodeResult. */
    readonly items: readonly Uint8Array[];
    /** Limit of the ciphertext of one item, from the terms. */
    readonly maxItemBytes?: number;
    readonly randomBytes?: RandomBytes;
};

export type OpenArgs = JobContext & {
    /** The holder's X25519 secret key. */
    readonly secretKey: Uint8Array;
    readonly sealedKey: Cell;
    /** The sealed batch, see resolvePayload. */
    readonly batch: Uint8Array;
    /** Number of items of the job on chain. */
    readonly count: number;
    readonly expected: ExpectedCommitment;
    /** Number of the claim; 0 for the key posted with a direct job. */
    readonly claim: number;
    readonly maxItemBytes?: number;
};

/** Sealed content whose key is sealed to a recipient as well. */
export type SealedDelivery = SealedContent & { readonly sealedKey: Cell };

/**
 * Seals the input of a job. For a direct job give the node's encryption key: the sealed key goes into PostJob.
 * For an open job leave it out and release the key to the claimer later with `releaseInputKey`.
 */
export function sealInput(args: SealArgs & { readonly nodePublicKey: Uint8Array }): Promise<SealedDelivery>;
export function sealInput(args: SealArgs): Promise<SealedContent>;
export async function sealInput(
    args: SealArgs & { readonly nodePublicKey?: Uint8Array },
): Promise<SealedContent | SealedDelivery> {
    const content = sealContent({ ...args, context: args, direction: 'input' });
    if (args.nodePublicKey === undefined) {
        return content;
    }
    const sealedKey = await releaseInputKey({
        ...args,
        ...content,
        recipientPublicKey: args.nodePublicKey,
        claim: 0,
    });
    return { ...content, sealedKey };
}

/** Seals an input's content key to the node that holds the claim: the body of DiscloseKey. */
export function releaseInputKey(
    args: JobContext & {
        readonly contentKey: Uint8Array;
        readonly recipientPublicKey: Uint8Array;
        readonly claim: number;
    },
): Promise<Cell> {
    return sealKeyCell(args, 'input');
}

/** Opens and verifies the input of a job, as the node that holds it. */
export function openInput(args: OpenArgs): Promise<OpenedItem[]> {
    return open(args, 'input');
}

/** Seals the results of a job, one for each item and in their order, to the client's result key. */
export async function sealResult(
    args: SealArgs & { readonly clientPublicKey: Uint8Array; readonly claim: number },
): Promise<SealedDelivery> {
    const content = sealContent({ ...args, context: args, direction: 'result' });
    const sealedKey = await sealKeyCell(
        { ...args, contentKey: content.contentKey, recipientPublicKey: args.clientPublicKey },
        'result',
    );
    return { ...content, sealedKey };
}

/** Opens and verifies the results of a job, as its client. */
export function openResult(args: OpenArgs): Promise<OpenedItem[]> {
    return open(args, 'result');
}

/** The inline payload cell of sealed content. Throws PayloadTooLargeError over 16 KB: publish it at a URI then. */
export function inlinePayload(content: SealedContent): Cell {
    return encodePayload({ kind: 'inline', bytes: content.batch });
}

async function sealKeyCell(
    args: JobContext & { contentKey: Uint8Array; recipientPublicKey: Uint8Array; claim: number },
    direction: Direction,
): Promise<Cell> {
    const context = { networkId: args.networkId, job: args.job, direction, claim: args.claim };
    return sealedKeyToCell(await sealKey({ ...args, context }));
}

async function open(args: OpenArgs, direction: Direction): Promise<OpenedItem[]> {
    const context = { networkId: args.networkId, job: args.job, direction, claim: args.claim };
    const sealedKey = sealedKeyFromCell(args.sealedKey);
    const contentKey = await openKey({ secretKey: args.secretKey, sealedKey, context });
    return openContent({ ...args, context: args, direction, contentKey });
}
