import { Address, type Builder, beginCell, type Cell } from '@ton/core';

const ADDRESS_BITS = 267;
const HASH = Buffer.alloc(32, 0x44);

/** Encodings of addresses that no message of the basechain reaches at its price, or at all. */
export const ODD_ADDRESSES: Record<string, (builder: Builder) => Builder> = {
    'no address': (builder) => builder.storeUint(0b00, 2),
    'an external address': (builder) => builder.storeUint(0b01, 2).storeUint(16, 9).storeUint(7, 16),
    'an anycast address': (builder) =>
        builder.storeUint(0b101, 3).storeUint(5, 5).storeUint(0b10101, 5).storeInt(0, 8).storeBuffer(HASH),
    'an address of variable length': (builder) =>
        builder.storeUint(0b110, 3).storeUint(256, 9).storeInt(0, 32).storeBuffer(HASH),
    'the masterchain': (builder) => builder.storeAddress(new Address(-1, HASH)),
    'a workchain that does not exist': (builder) => builder.storeAddress(new Address(7, HASH)),
};

/** The terms with any bits in place of the treasury. */
export function withTreasury(terms: Cell, write: (builder: Builder) => Builder): Cell {
    const slice = terms.beginParse();
    const rest = slice.loadRef().beginParse().skip(ADDRESS_BITS);
    const jobParams = write(beginCell()).storeSlice(rest).endCell();
    const others = [slice.loadRef(), slice.loadRef()];
    const changed = beginCell().storeBits(slice.loadBits(slice.remainingBits)).storeRef(jobParams);
    for (const other of others) changed.storeRef(other);
    return changed.endCell();
}
