import { FIVE_YEARS } from 'cocoon-wrappers';
import type { ChainPrices } from './prices';

/** What the contracts compute with GETGASFEE, in nanoTON. */
export function computeFee({ gas }: ChainPrices, used: bigint): bigint {
    if (used <= gas.flatLimit) return gas.flatPrice;
    return gas.flatPrice + ceil16(gas.price * (used - gas.flatLimit));
}

/** GETFORWARDFEE: of one message with `cells` and `bits` below its root. */
export function forwardFee({ forward }: ChainPrices, cells: bigint, bits: bigint): bigint {
    return forward.lump + ceil16(forward.bit * bits + forward.cell * cells);
}

/** Fee of a trace: `gas` in all, `messages` with `cells` and `bits` below their roots in all. */
export function traceFee(
    prices: ChainPrices,
    gas: bigint,
    messages: bigint,
    cells: bigint,
    bits: bigint,
): bigint {
    return (
        computeFee(prices, gas) +
        forwardFee(prices, cells, bits) +
        (messages - 1n) * forwardFee(prices, 0n, 0n)
    );
}

/** As traceFee, for messages that are one cell each. */
export function plainTraceFee(prices: ChainPrices, gas: bigint, messages: bigint): bigint {
    return computeFee(prices, gas) + messages * forwardFee(prices, 0n, 0n);
}

/** Storage of `cells` and `bits` for five years: what the contracts keep in reserve. */
export function storageReserve({ storage }: ChainPrices, cells: bigint, bits: bigint): bigint {
    return ceil16((storage.bit * bits + storage.cell * cells) * FIVE_YEARS);
}

function ceil16(value: bigint): bigint {
    return (value + 0xffffn) >> 16n;
}
