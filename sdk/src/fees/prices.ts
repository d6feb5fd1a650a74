import { type Cell, Dictionary, type Slice } from '@ton/core';
import { type ChainReader, RpcResponseError } from '../rpc';

/** Basechain prices of a network. Units as in its configuration: per 65,536 gas units, bits, cells or seconds. */
export type ChainPrices = {
    readonly gas: { readonly flatLimit: bigint; readonly flatPrice: bigint; readonly price: bigint };
    readonly forward: { readonly lump: bigint; readonly bit: bigint; readonly cell: bigint };
    readonly storage: { readonly bit: bigint; readonly cell: bigint };
};

/** Reads the prices in force: configuration parameters 18, 21 and 25. Throws RpcError. */
export async function readPrices(reader: ChainReader): Promise<ChainPrices> {
    const [storage, gas, forward] = await Promise.all([18, 21, 25].map((id) => reader.getConfigParam(id)));
    try {
        return {
            gas: parseGas(gas!.beginParse()),
            forward: parseForward(forward!.beginParse()),
            storage: parseStorage(storage!),
        };
    } catch (cause) {
        throw new RpcResponseError('configuration parameters that cannot be read', 200, false, { cause });
    }
}

function parseGas(slice: Slice): ChainPrices['gas'] {
    let flatLimit = 0n;
    let flatPrice = 0n;
    let tag = slice.loadUint(8);
    if (tag === 0xd1) {
        flatLimit = slice.loadUintBig(64);
        flatPrice = slice.loadUintBig(64);
        tag = slice.loadUint(8);
    }
    if (tag !== 0xdd && tag !== 0xde) throw new Error(`gas price tag ${tag}`);
    return { flatLimit, flatPrice, price: slice.loadUintBig(64) };
}

function parseForward(slice: Slice): ChainPrices['forward'] {
    if (slice.loadUint(8) !== 0xea) throw new Error('forward price tag');
    return { lump: slice.loadUintBig(64), bit: slice.loadUintBig(64), cell: slice.loadUintBig(64) };
}

/** The last entry is the one in force. */
function parseStorage(cell: Cell): ChainPrices['storage'] {
    const value = {
        serialize: () => undefined,
        parse(slice: Slice) {
            slice.skip(8 + 32);
            return { bit: slice.loadUintBig(64), cell: slice.loadUintBig(64) };
        },
    };
    const entries = Dictionary.loadDirect(Dictionary.Keys.Uint(32), value, cell.asSlice());
    const latest = Math.max(...entries.keys());
    const prices = entries.get(latest);
    if (!prices) throw new Error('no storage prices');
    return prices;
}
