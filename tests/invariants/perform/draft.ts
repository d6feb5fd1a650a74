import { type Address, beginCell, type Cell } from '@ton/core';
import { clients, governor, wallet } from '../network';
import type { Note } from '../notes';
import type { World } from '../world';

/** A message as an action means it. */
export interface Draft {
    from: Address;
    to: Address;
    body: Cell;
    note: Note;
    value?: bigint;
    bounce?: boolean;
    init?: { code: Cell; data: Cell };
}

export const SEALED = beginCell().storeUint(0x5ea1ed, 32).endCell();
export const keeper = wallet('keeper');
const strangers = [wallet('stranger'), wallet('stranger of the masterchain', -1), keeper, governor] as const;

export function anyone(world: World, detail: number): Address {
    const node = world.node(detail % 4);
    return [...strangers, ...clients, node.owner, node.hot.operator][detail % 9] ?? keeper;
}
