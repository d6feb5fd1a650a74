import { sha256 } from '@noble/hashes/sha2.js';
import { InvalidArgumentError } from '../errors';
import { concatBytes, equalBytes, uintBytes } from '../utils';
import { HASH_BYTES, MAX_ITEMS, SALT_BYTES } from './limits';

/** A Merkle commitment to the items of a job, in one direction. Hashes have 32 bytes. */
export type Commitment = {
    /** What is sent to the Job, which computes `root` with its own number of items. */
    readonly top: Uint8Array;
    readonly root: Uint8Array;
    readonly leaves: readonly Uint8Array[];
};

/** Proof that one item is in a commitment. Sibling hashes from the leaf upwards; promoted levels have none. */
export type ItemProof = {
    readonly index: number;
    readonly count: number;
    readonly siblings: readonly Uint8Array[];
};

/** SHA-256(0x00 ‖ index u32 ‖ length u64 ‖ salt ‖ data), big-endian. */
export function leafHash(index: number, salt: Uint8Array, data: Uint8Array): Uint8Array {
    if (salt.length !== SALT_BYTES) {
        throw new InvalidArgumentError(`A salt has ${SALT_BYTES} bytes, not ${salt.length}.`);
    }
    return sha256(concatBytes(Uint8Array.of(0), uintBytes(index, 4), uintBytes(data.length, 8), salt, data));
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
    return sha256(concatBytes(Uint8Array.of(1), left, right));
}

/** SHA-256(0x02 ‖ count u32 ‖ top): what the Job stores. */
export function commitmentRoot(count: number, top: Uint8Array): Uint8Array {
    if (top.length !== HASH_BYTES) {
        throw new InvalidArgumentError(`A Merkle top has ${HASH_BYTES} bytes, not ${top.length}.`);
    }
    return sha256(concatBytes(Uint8Array.of(2), uintBytes(count, 4), top));
}

/**
 * Commits to 1…4,096 items, each with a random salt of its own.
 * Throws InvalidArgumentError when the numbers of items and salts differ or are out of range.
 */
export function commitItems(items: readonly Uint8Array[], salts: readonly Uint8Array[]): Commitment {
    if (items.length === 0 || items.length > MAX_ITEMS || items.length !== salts.length) {
        throw new InvalidArgumentError(
            `A commitment needs 1 to ${MAX_ITEMS} items and as many salts, not ${items.length} and ${salts.length}.`,
        );
    }
    const leaves = items.map((data, index) => leafHash(index, salts[index]!, data));
    const top = levels(leaves).at(-1)![0]!;
    return { top, root: commitmentRoot(items.length, top), leaves };
}

/** Proof for the item at `index` of the commitment with these leaves. */
export function proveItem(leaves: readonly Uint8Array[], index: number): ItemProof {
    if (!Number.isInteger(index) || index < 0 || index >= leaves.length) {
        throw new InvalidArgumentError(`There is no item ${index} among ${leaves.length}.`);
    }
    const siblings: Uint8Array[] = [];
    let position = index;
    for (const level of levels(leaves)) {
        const sibling = level[position ^ 1];
        if (sibling !== undefined) {
            siblings.push(sibling);
        }
        position >>= 1;
    }
    return { index, count: leaves.length, siblings };
}

/** Whether `root` commits to this data and salt at the proof's index among exactly the proof's count of items. */
export function verifyItem(root: Uint8Array, proof: ItemProof, salt: Uint8Array, data: Uint8Array): boolean {
    const { index, count, siblings } = proof;
    if (!Number.isInteger(count) || count < 1 || count > MAX_ITEMS) return false;
    if (!Number.isInteger(index) || index < 0 || index >= count || salt.length !== SALT_BYTES) return false;
    let hash = leafHash(index, salt, data);
    let used = 0;
    let position = index;
    for (let width = count; width > 1; width = (width + 1) >> 1) {
        if ((position ^ 1) < width) {
            const sibling = siblings[used++];
            if (sibling?.length !== HASH_BYTES) return false;
            hash = position % 2 === 0 ? nodeHash(hash, sibling) : nodeHash(sibling, hash);
        }
        position >>= 1;
    }
    return used === siblings.length && equalBytes(commitmentRoot(count, hash), root);
}

/** All levels of the tree, leaves first; the last one holds the top alone. */
function levels(leaves: readonly Uint8Array[]): (readonly Uint8Array[])[] {
    const all = [leaves];
    for (let level = leaves; level.length > 1; all.push(level)) {
        level = parents(level);
    }
    return all;
}

function parents(level: readonly Uint8Array[]): Uint8Array[] {
    const next: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
        const right = level[i + 1];
        // An odd node is promoted as it is, never paired with itself: a copy of it would give the same top.
        next.push(right === undefined ? level[i]! : nodeHash(level[i]!, right));
    }
    return next;
}
