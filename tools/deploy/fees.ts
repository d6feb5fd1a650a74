import type { NetworkProvider } from '@ton/blueprint';
import type { Cell } from '@ton/core';
import {
    EVENT_BITS,
    EVENT_CELLS,
    FIVE_YEARS,
    MODEL_BITS,
    MODEL_CELLS,
    REGISTRY_BITS,
    REGISTRY_CELLS,
} from '../../build/Registry/Registry_Registry';

/** Basechain prices, as configuration parameters 18, 21 and 25 give them. */
export interface Prices {
    gas: { flatLimit: bigint; flatPrice: bigint; price: bigint };
    forward: { lump: bigint; bit: bigint; cell: bigint };
    storage: { bit: bigint; cell: bigint };
}

const known = new WeakMap<NetworkProvider, Promise<Prices>>();

/** Read once for each run: the configuration is large and public endpoints are slow. */
export function readPrices(provider: NetworkProvider): Promise<Prices> {
    const prices = known.get(provider) ?? fetchPrices(provider);
    known.set(provider, prices);
    return prices;
}

async function fetchPrices(provider: NetworkProvider): Promise<Prices> {
    const { gasPrices, msgPrices, storagePrices } = await provider.getConfig();
    const { flatLimit, flatGasPrice, other } = gasPrices.workchain;
    const latest = storagePrices.reduce((a, b) => (b.utime_since > a.utime_since ? b : a));
    return {
        gas: { flatLimit, flatPrice: flatGasPrice, price: other.gasPrice },
        forward: {
            lump: msgPrices.workchain.lumpPrice,
            bit: msgPrices.workchain.bitPrice,
            cell: msgPrices.workchain.cellPrice,
        },
        storage: { bit: latest.bit_price_ps, cell: latest.cell_price_ps },
    };
}

export interface Size {
    cells: bigint;
    bits: bigint;
}

/** Distinct cells below and including the roots, as storage and forwarding count them. */
export function measure(...roots: Cell[]): Size {
    const seen = new Map<string, Cell>();
    const open = [...roots];
    for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
        const hash = cell.hash().toString('hex');
        if (seen.has(hash)) continue;
        seen.set(hash, cell);
        open.push(...cell.refs);
    }
    const bits = [...seen.values()].reduce((sum, cell) => sum + cell.bits.length, 0);
    return { cells: BigInt(seen.size), bits: BigInt(bits) };
}

function computeFee({ gas }: Prices, used: bigint): bigint {
    return used <= gas.flatLimit ? gas.flatPrice : gas.flatPrice + shift(gas.price * (used - gas.flatLimit));
}

export function forwardFee({ forward }: Prices, { cells, bits }: Size): bigint {
    return forward.lump + shift(forward.bit * bits + forward.cell * cells);
}

/** What the Registry demands for an operation of so much gas: with one event and an answer without content. */
export function operationFee(prices: Prices, gas: bigint): bigint {
    const event = forwardFee(prices, { cells: EVENT_CELLS, bits: EVENT_BITS });
    return computeFee(prices, gas) + event + forwardFee(prices, { cells: 0n, bits: 0n });
}

/** What the Registry keeps for its own storage over five years. */
export function registryStorage({ storage }: Prices, release: Cell, models: number): bigint {
    const { cells, bits } = measure(release);
    const allCells = REGISTRY_CELLS + cells + BigInt(models) * MODEL_CELLS;
    const allBits = REGISTRY_BITS + bits + BigInt(models) * MODEL_BITS;
    return shift((storage.bit * allBits + storage.cell * allCells) * FIVE_YEARS);
}

/** Prices and the account may change between estimate and execution; what is not used returns. */
export function withMargin(fee: bigint): bigint {
    return fee + fee / 4n;
}

function shift(value: bigint): bigint {
    return (value + 0xffffn) >> 16n;
}
