import type { Cell } from '@ton/core';

/** Identity of a code cell: what a child's address is derived from. */
export interface CodeId {
    /** Representation hash, 256 bits. */
    hash: bigint;
    depth: number;
}

export function codeId(code: Cell): CodeId {
    return { hash: cellHash(code), depth: code.depth() };
}

/** Representation hash as the number that contracts compare. */
export function cellHash(cell: Cell): bigint {
    return BigInt(`0x${cell.hash().toString('hex')}`);
}
