import type { Address } from '@ton/core';
import { Node } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';

/** A node by its index in the Registry, or by its address. */
export type NodeTarget = { readonly node: number | Address };

/** Address of a node. */
export function nodeAddress(client: CocoonClient, { node }: NodeTarget): Address {
    return typeof node === 'number' ? Node.fromIndex(client.registry, node).address : node;
}
