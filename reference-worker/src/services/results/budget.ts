import { ITEM_OVERHEAD_BYTES, MAX_INLINE_BYTES } from 'cocoon-sdk';

/** Version and count of a sealed batch, and the length of each item. */
const HEADER_BYTES = 5;
const LENGTH_BYTES = 4;
/** Below this an answer would be little but its envelope. */
const LEAST_ITEM_BYTES = 256;

/** Plaintext bytes that each item's result may have so that all of them fit a message. */
export function fairShare(items: number): number {
    return Math.floor((MAX_INLINE_BYTES - HEADER_BYTES) / items) - LENGTH_BYTES - ITEM_OVERHEAD_BYTES;
}

/** `fairShare`, or undefined when so many items cannot be answered in a message at all. */
export function leastResultBytes(items: number): number | undefined {
    const share = fairShare(items);
    return share < LEAST_ITEM_BYTES ? undefined : share;
}

/** Size of the sealed batch of results with these plaintext sizes, bytes. */
export function batchBytes(sizes: readonly number[]): number {
    return sizes.reduce((sum, size) => sum + size + LENGTH_BYTES + ITEM_OVERHEAD_BYTES, HEADER_BYTES);
}
