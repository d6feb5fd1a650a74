import type { Address } from '@ton/core';

/** The last transaction of an account that was dealt with. `hash` in hex. */
export type Cursor = { readonly lt: bigint; readonly hash: string };

/** Where cursors are kept. `set` resolves when the cursor is durable. */
export interface CursorStore {
    get(key: string): Promise<Cursor | undefined>;
    set(key: string, cursor: Cursor): Promise<void>;
}

/** Cursors in memory: nothing survives the process. */
export function memoryCursorStore(): CursorStore {
    const cursors = new Map<string, Cursor>();
    return {
        get: async (key) => cursors.get(key),
        set: async (key, cursor) => {
            cursors.set(key, cursor);
        },
    };
}

/** Key of an account's cursor. */
export function cursorKey(address: Address): string {
    return address.toRawString();
}
