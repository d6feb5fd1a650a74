import { InvalidArgumentError } from '../errors';
import { concatBytes, uintBytes } from '../utils';
import { PayloadFormatError, PayloadTooLargeError } from './errors';
import { ITEM_OVERHEAD_BYTES, MAX_ITEM_BYTES, MAX_ITEMS } from './limits';

const VERSION = 1;
const HEADER_BYTES = 5;

/** version u8 = 1 ‖ count u32 ‖ (length u32 ‖ ciphertext) for each item, big-endian. */
export function encodeSealedBatch(items: readonly Uint8Array[], maxItemBytes = MAX_ITEM_BYTES): Uint8Array {
    if (items.length === 0 || items.length > MAX_ITEMS) {
        throw new InvalidArgumentError(`A batch has 1 to ${MAX_ITEMS} items, not ${items.length}.`);
    }
    const parts = [Uint8Array.of(VERSION), uintBytes(items.length, 4)];
    items.forEach((item, index) => {
        checkItemSize(index, item.length, maxItemBytes);
        parts.push(uintBytes(item.length, 4), item);
    });
    return concatBytes(...parts);
}

/**
 * Splits a sealed batch into the ciphertexts of its items. Nothing may be missing or left over.
 * Throws PayloadFormatError or PayloadTooLargeError.
 */
export function decodeSealedBatch(bytes: Uint8Array, maxItemBytes = MAX_ITEM_BYTES): Uint8Array[] {
    if (bytes.length < HEADER_BYTES) {
        throw new PayloadFormatError('A sealed batch is cut off in its header.');
    }
    if (bytes[0] !== VERSION) {
        throw new PayloadFormatError(`Sealed batch version ${bytes[0]} is not known.`);
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = view.getUint32(1);
    if (count === 0) throw new PayloadFormatError('A sealed batch has no items.');
    if (count > MAX_ITEMS) throw new PayloadTooLargeError('Items in a batch', count, MAX_ITEMS);
    const items: Uint8Array[] = [];
    let offset = HEADER_BYTES;
    for (let index = 0; index < count; index++) {
        if (bytes.length - offset < 4) throw truncated(index);
        const length = view.getUint32(offset);
        offset += 4;
        checkItemSize(index, length, maxItemBytes);
        if (bytes.length - offset < length) throw truncated(index);
        items.push(bytes.slice(offset, offset + length));
        offset += length;
    }
    if (offset !== bytes.length) {
        throw new PayloadFormatError(
            `${bytes.length - offset} bytes follow the last item of a sealed batch.`,
        );
    }
    return items;
}

function checkItemSize(index: number, length: number, maxItemBytes: number): void {
    if (length > maxItemBytes) {
        throw new PayloadTooLargeError(`Bytes of sealed item ${index}`, length, maxItemBytes);
    }
    if (length < ITEM_OVERHEAD_BYTES) {
        throw new PayloadFormatError(`Sealed item ${index} is too short: ${length} bytes.`);
    }
}

function truncated(index: number): PayloadFormatError {
    return new PayloadFormatError(`A sealed batch is cut off in item ${index}.`);
}
