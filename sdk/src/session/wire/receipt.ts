import type { SessionPrimitives } from '../crypto/primitives';
import type { RequestRef } from './allocation-ref';
import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';
import { ordinaryCellHash } from './cell-hash';
import type { TokenUsage } from './price';

/** What a node signs at the end of a chunk. Numbers are cumulative over the request. */
export type ReceiptBody = {
    /** Counts from 1. */
    readonly chunk: number;
    readonly requestHash: Uint8Array;
    readonly responseHash: Uint8Array;
    readonly usage: TokenUsage;
    /** nanoTON. */
    readonly price: bigint;
    /** 0 where the engine has none. */
    readonly seed: bigint;
    /** When the node accepted the request, Unix seconds; equal in all its receipts. */
    readonly issuedAt: number;
};

export type Receipt = ReceiptBody & { readonly signature: Uint8Array };

/** What else a receipt is signed over. */
export type ReceiptPlace = RequestRef & { readonly modelId: Uint8Array };

export const RECEIPT_BYTES = 164;
const TAG = 0x0c0c5201;

export function encodeReceipt(receipt: Receipt): Uint8Array {
    const writer = new ByteWriter(RECEIPT_BYTES).raw(receipt.signature, 64).u32(receipt.chunk);
    return writeNumbers(writer, receipt).bytes;
}

/** Reads a receipt of exactly RECEIPT_BYTES. Throws SessionFormatError. */
export function decodeReceipt(bytes: Uint8Array): Receipt {
    const reader = new ByteReader(bytes, 'a receipt');
    const receipt = {
        signature: reader.raw(64),
        chunk: reader.u32(),
        requestHash: reader.raw(32),
        responseHash: reader.raw(32),
        usage: { prompt: reader.u32(), cached: reader.u32(), completion: reader.u32() },
        price: reader.u64(),
        seed: reader.u64(),
        issuedAt: reader.u32(),
    };
    reader.end();
    return receipt;
}

/** Hash of the receipt's cell: what the operator key signs, and a contract can check. */
export function hashReceipt(
    primitives: Pick<SessionPrimitives, 'sha256'>,
    place: ReceiptPlace,
    body: ReceiptBody,
): Uint8Array {
    const root = new ByteWriter(125)
        .u32(TAG)
        .i32(place.networkId)
        .raw(place.node, 32)
        .raw(place.vault, 32)
        .u8(place.slot)
        .u64(place.generation)
        .u64(place.sequence)
        .u32(body.chunk)
        .raw(place.modelId, 32).bytes;
    return ordinaryCellHash(primitives, root, writeNumbers(new ByteWriter(96), body).bytes);
}

export function signReceipt(
    primitives: SessionPrimitives,
    operatorSecretKey: Uint8Array,
    place: ReceiptPlace,
    body: ReceiptBody,
): Receipt {
    const signature = primitives.signEd25519(hashReceipt(primitives, place, body), operatorSecretKey);
    return { ...body, signature };
}

export function verifyReceipt(
    primitives: SessionPrimitives,
    operatorKey: Uint8Array,
    place: ReceiptPlace,
    receipt: Receipt,
): boolean {
    const hash = hashReceipt(primitives, place, receipt);
    return primitives.verifyEd25519(hash, receipt.signature, operatorKey);
}

function writeNumbers(writer: ByteWriter, body: ReceiptBody): ByteWriter {
    return writer
        .raw(body.requestHash, 32)
        .raw(body.responseHash, 32)
        .u32(body.usage.prompt)
        .u32(body.usage.cached)
        .u32(body.usage.completion)
        .u64(body.price)
        .u64(body.seed)
        .u32(body.issuedAt);
}
