import { beginCell, type Cell, type Slice } from '@ton/core';
import { InvalidArgumentError } from '../errors';
import { bytesToUtf8, toBuffer, utf8ToBytes } from '../utils';
import { PayloadFormatError, PayloadTooLargeError } from './errors';
import { HASH_BYTES, MAX_BATCH_BYTES, MAX_INLINE_BYTES, MAX_URL_BYTES } from './limits';
import { bytesToSnake, snakeToBytes } from './snake';

const TAG_INLINE = 0x01;
const TAG_URI = 0x02;

/** A sealed batch in the message itself. */
export type InlinePayload = { readonly kind: 'inline'; readonly bytes: Uint8Array };
/** A sealed batch somewhere else, addressed by its content. `size` in bytes. */
export type UriPayload = {
    readonly kind: 'uri';
    readonly sha256: Uint8Array;
    readonly size: number;
    readonly url: string;
};
/** The `input` of a job or the `result` of a submission. */
export type Payload = InlinePayload | UriPayload;

/** Encodes a payload as the cell that goes on chain. Throws PayloadTooLargeError or InvalidArgumentError. */
export function encodePayload(payload: Payload): Cell {
    return payload.kind === 'inline' ? encodeInline(payload) : encodeUri(payload);
}

/** Reads a payload cell. Throws PayloadFormatError or PayloadTooLargeError. */
export function decodePayload(cell: Cell): Payload {
    if (cell.isExotic || cell.bits.length < 8) {
        throw new PayloadFormatError('A payload cell has no tag.');
    }
    const slice = cell.beginParse();
    const tag = slice.loadUint(8);
    if (tag === TAG_INLINE) return decodeInline(slice);
    if (tag === TAG_URI) return decodeUri(slice);
    throw new PayloadFormatError(`Payload tag ${tag} is not known.`);
}

function encodeInline(payload: InlinePayload): Cell {
    if (payload.bytes.length > MAX_INLINE_BYTES) {
        throw new PayloadTooLargeError('Bytes of an inline payload', payload.bytes.length, MAX_INLINE_BYTES);
    }
    return beginCell().storeUint(TAG_INLINE, 8).storeRef(bytesToSnake(payload.bytes)).endCell();
}

function encodeUri(payload: UriPayload): Cell {
    const url = utf8ToBytes(payload.url);
    if (url.length > MAX_URL_BYTES) {
        throw new PayloadTooLargeError('Bytes of a payload URL', url.length, MAX_URL_BYTES);
    }
    if (url.length === 0 || payload.sha256.length !== HASH_BYTES || !isBatchSize(payload.size)) {
        throw new InvalidArgumentError(
            'A URI payload needs a URL, a SHA-256 of 32 bytes and a size in range.',
        );
    }
    return beginCell()
        .storeUint(TAG_URI, 8)
        .storeBuffer(toBuffer(payload.sha256))
        .storeUint(payload.size, 32)
        .storeRef(bytesToSnake(url))
        .endCell();
}

function decodeInline(slice: Slice): InlinePayload {
    if (slice.remainingBits !== 0 || slice.remainingRefs !== 1) {
        throw new PayloadFormatError('An inline payload is a tag and one reference.');
    }
    return { kind: 'inline', bytes: snakeToBytes(slice.loadRef(), MAX_INLINE_BYTES) };
}

function decodeUri(slice: Slice): UriPayload {
    if (slice.remainingBits !== 8 * HASH_BYTES + 32 || slice.remainingRefs !== 1) {
        throw new PayloadFormatError('A URI payload is a tag, a hash, a size and one reference.');
    }
    const sha256 = new Uint8Array(slice.loadBuffer(HASH_BYTES));
    const size = slice.loadUint(32);
    if (!isBatchSize(size)) {
        throw new PayloadTooLargeError('Bytes of a payload at a URI', size, MAX_BATCH_BYTES);
    }
    const url = bytesToUtf8(snakeToBytes(slice.loadRef(), MAX_URL_BYTES));
    if (url === undefined || url === '') {
        throw new PayloadFormatError('The URL of a payload is empty or not UTF-8.');
    }
    return { kind: 'uri', sha256, size, url };
}

function isBatchSize(size: number): boolean {
    return Number.isInteger(size) && size > 0 && size <= MAX_BATCH_BYTES;
}
