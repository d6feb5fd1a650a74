import type { Address, Cell } from '@ton/core';
import { loadNodeHot, storeNodeHot } from '../build/Node/Node_Node';
import { cellOf } from './lib';

/** Who acts for a node and who is paid; part of a Node and of every claim. */
export interface NodeHot {
    operator: Address;
    payout: Address;
    /** X25519 public key as an integer, big-endian. */
    encryptionKey: bigint;
}

export function encodeNodeHot(hot: NodeHot): Cell {
    return cellOf(storeNodeHot({ $$type: 'NodeHot', ...hot }));
}

export function decodeNodeHot(cell: Cell): NodeHot {
    const { operator, payout, encryptionKey } = loadNodeHot(cell.beginParse());
    return { operator, payout, encryptionKey };
}
