import type { Cell } from '@ton/core';

/** nanoTON of the test network for a unit of gas, a message, a cell and a bit that it carries. */
export const PRICES = { gas: 400n, message: 400_000n, cell: 40_000n, bit: 400n };

/** As the contracts' traceFee(), at `factor` times the prices of the test network. */
export function traceFee(gas: bigint, messages: bigint, cells: bigint, bits: bigint, factor = 1n): bigint {
    return factor * (gas * PRICES.gas + messages * PRICES.message + cells * PRICES.cell + bits * PRICES.bit);
}

export interface Size {
    cells: bigint;
    bits: bigint;
}

/** Distinct cells of these trees, roots included. */
export function sizeOf(roots: readonly Cell[]): Size {
    const seen = new Map<string, number>();
    const visit = (cell: Cell) => {
        const key = cell.hash().toString('hex');
        if (seen.has(key)) return;
        seen.set(key, cell.bits.length);
        cell.refs.forEach(visit);
    };
    roots.forEach(visit);
    return {
        cells: BigInt(seen.size),
        bits: [...seen.values()].reduce((sum, bits) => sum + BigInt(bits), 0n),
    };
}
