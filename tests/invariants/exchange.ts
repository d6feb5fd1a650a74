import { createHash } from 'node:crypto';
import { beginCell, type Cell } from '@ton/core';
import { encodeItemKey, encodePath } from 'cocoon-wrappers';

// What parties of the harness commit to and can disclose: always the first item, always the same words.

export const ITEM_KEY = encodeItemKey(Buffer.alloc(44, 'key'));
const SALT = digest('salt');
const WORDS = Buffer.from('words that were sealed until now');

/** The first leaf of a tree of payload.md with `items` leaves, its siblings and the top. */
export function treeOf(items: number, name: string): { leaf: bigint; path: Cell | null; top: bigint } {
    const leaf = digest(`${name} 0`);
    const siblings: Buffer[] = [];
    let top = leaf;
    for (let count = items; count > 1; count = (count + 1) >> 1) {
        const sibling = digest(`${name} sibling ${count}`);
        siblings.push(sibling);
        top = digest(Buffer.from([1]), top, sibling);
    }
    return { leaf: number(leaf), path: encodePath(siblings), top: number(top) };
}

/** Root of a commitment over `items` leaves. */
export function rootOf(items: number, top: bigint): bigint {
    const head = Buffer.alloc(5);
    head.writeUInt8(2, 0);
    head.writeUInt32BE(items, 1);
    return number(digest(head, Buffer.from(top.toString(16).padStart(64, '0'), 'hex')));
}

/** Request and response of every session, and their hashes as session.md has them. */
export const session = {
    salt: number(SALT),
    task: 1,
    words: beginCell().storeBuffer(WORDS).endCell(),
    otherWords: beginCell().storeBuffer(Buffer.from('other words')).endCell(),
    requestHash: number(digest('cocoon request v1', SALT, Buffer.from([1]), WORDS)),
    responseHash: number(digest('cocoon response v1', SALT, WORDS)),
};

function digest(...parts: (Buffer | string)[]): Buffer {
    const sum = createHash('sha256');
    for (const part of parts) sum.update(part);
    return sum.digest();
}

function number(bytes: Buffer): bigint {
    return BigInt(`0x${bytes.toString('hex')}`);
}
