import { createHash } from 'node:crypto';
import { beginCell, type Cell } from '@ton/core';
import { encodeItemKey, encodePath } from 'cocoon-wrappers';

export interface ShownLeaf {
    leaf: bigint;
    itemKey: Cell;
    path: Cell | null;
}

/** What parties disclose, and what it was committed to with. */
export interface Shown {
    index: number;
    items: number;
    input: ShownLeaf;
    inputTop: bigint;
    result: ShownLeaf;
    resultRoot: bigint;
    salt: bigint;
    request: Buffer;
    requestHash: bigint;
    response: Buffer;
    responseHash: bigint;
}

/** One item of a job of `items`, and a session's exchange of these lengths. */
export function shownItem(items: number, index: number, bytes = 300): Shown {
    const input = tree(items, index, 'input');
    const result = tree(items, index, 'result');
    const salt = digest('salt');
    const request = Buffer.alloc(bytes, 'request ');
    const response = Buffer.alloc(bytes, 'response ');
    return {
        index,
        items,
        input: input.shown,
        inputTop: number(input.top),
        result: result.shown,
        resultRoot: number(digest(Buffer.from([2]), uint32(items), result.top)),
        salt: number(salt),
        request,
        requestHash: number(digest('cocoon request v1', salt, Buffer.from([1]), request)),
        response,
        responseHash: number(digest('cocoon response v1', salt, response)),
    };
}

/** The tree of docs/spec/payload.md over some leaves, and the siblings of one of them from it upwards. */
function tree(items: number, index: number, name: string) {
    let level = Array.from({ length: items }, (_, i) => digest(`${name} ${i}`));
    const leaf = level[index]!;
    const siblings: Buffer[] = [];
    for (let at = index; level.length > 1; at >>= 1) {
        const sibling = level[at ^ 1];
        if (sibling) siblings.push(sibling);
        const pairs: Buffer[] = [];
        for (let i = 0; i < level.length; i += 2) {
            const [left, right] = [level[i]!, level[i + 1]];
            pairs.push(right ? digest(Buffer.from([1]), left, right) : left);
        }
        level = pairs;
    }
    const itemKey = encodeItemKey(Buffer.alloc(44, name));
    return { top: level[0]!, siblings, shown: { leaf: number(leaf), itemKey, path: encodePath(siblings) } };
}

/** Siblings of an item, for paths that are wrong. */
export function siblingsOf(items: number, index: number, name: 'input' | 'result'): Buffer[] {
    return tree(items, index, name).siblings;
}

/** As payload.md has it: 127 bytes to a cell. */
export function snake(bytes: Buffer): Cell {
    let next: Cell | undefined;
    for (let at = Math.max(0, Math.ceil(bytes.length / 127) - 1); at >= 0; at--) {
        const cell = beginCell().storeBuffer(bytes.subarray(at * 127, (at + 1) * 127));
        if (next) cell.storeRef(next);
        next = cell.endCell();
    }
    return next!;
}

export function hash(bytes: Buffer): bigint {
    return number(digest(bytes));
}

function digest(...parts: (Buffer | string)[]): Buffer {
    const sum = createHash('sha256');
    for (const part of parts) sum.update(part);
    return sum.digest();
}

function number(bytes: Buffer): bigint {
    return BigInt(`0x${bytes.toString('hex')}`);
}

function uint32(value: number): Buffer {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
}
