import { beginCell, Cell, Dictionary } from '@ton/core';
import { defaultConfig } from '@ton/sandbox';
import {
    CURRENT_PRICES,
    type ForwardPrices,
    type GasPrices,
    type NetworkPrices,
    type StoragePrices,
} from './prices';

/** Validator sets and the suspended-address list: 99 % of the configuration's size, and of no use to a getter. */
const BULKY_PARAMETERS = [32, 33, 34, 35, 36, 37, 44];

export type ConfigDictionary = Dictionary<number, Cell>;

/** Opens a network configuration as a map from parameter number to cell. */
export function loadConfigDictionary(config: Cell): ConfigDictionary {
    return Dictionary.loadDirect(Dictionary.Keys.Int(32), Dictionary.Values.Cell(), config);
}

/**
 * The main network's configuration with the prices given.
 * @param prices defaults to what the network charges now; the emulator's own snapshot is from before April 2026
 */
export function networkConfig(prices: NetworkPrices = CURRENT_PRICES): Cell {
    const config = loadConfigDictionary(Cell.fromBase64(defaultConfig));
    config.set(18, storagePrices(prices.storage));
    config.set(20, gasPrices(config.get(20)!, prices.masterchainGas));
    config.set(21, gasPrices(config.get(21)!, prices.gas));
    config.set(24, forwardPrices(config.get(24)!, prices.masterchainForward));
    config.set(25, forwardPrices(config.get(25)!, prices.forward));
    return beginCell().storeDictDirect(config).endCell();
}

let current: Cell | undefined;

/** The configuration a devnet uses unless told otherwise; also fits `Blockchain.create({ config })` of @ton/sandbox. */
export function currentNetworkConfig(): Cell {
    // Building it takes a third of a second: the bundled configuration has thousands of cells.
    current ??= networkConfig(CURRENT_PRICES);
    return current;
}

/** The same configuration without its bulk: get methods run several times faster and see the same prices. */
export function getterConfig(config: Cell): Cell {
    const dictionary = loadConfigDictionary(config);
    for (const parameter of BULKY_PARAMETERS) dictionary.delete(parameter);
    return beginCell().storeDictDirect(dictionary).endCell();
}

/** One entry, valid from the beginning of time: a devnet has no history under older prices. */
function storagePrices(prices: StoragePrices): Cell {
    const entry = beginCell()
        .storeUint(0xcc, 8)
        .storeUint(0, 32)
        .storeUint(prices.bitPrice, 64)
        .storeUint(prices.cellPrice, 64)
        .storeUint(prices.masterchainBitPrice, 64)
        .storeUint(prices.masterchainCellPrice, 64)
        .endCell();
    const entries = Dictionary.empty(Dictionary.Keys.Uint(32), rawValue);
    entries.set(0, entry);
    return beginCell().storeDictDirect(entries).endCell();
}

const rawValue = {
    serialize: (cell: Cell, builder: ReturnType<typeof beginCell>) => {
        builder.storeSlice(cell.beginParse());
    },
    parse: (slice: ReturnType<Cell['beginParse']>) => slice.asCell(),
};

/** `gas_flat_pfx#d1 flat_gas_limit flat_gas_price other:(gas_prices_ext#de gas_price …limits)`: only prices change. */
function gasPrices(current: Cell, prices: GasPrices): Cell {
    const slice = current.beginParse();
    expectTag(slice.loadUint(8), 0xd1, 'gas_flat_pfx');
    slice.skip(128);
    expectTag(slice.loadUint(8), 0xde, 'gas_prices_ext');
    slice.skip(64);
    return beginCell()
        .storeUint(0xd1, 8)
        .storeUint(prices.flatGasLimit, 64)
        .storeUint(prices.flatGasPrice, 64)
        .storeUint(0xde, 8)
        .storeUint(prices.gasPrice, 64)
        .storeSlice(slice)
        .endCell();
}

/** `msg_forward_prices#ea lump_price bit_price cell_price ihr_price_factor first_frac next_frac`. */
function forwardPrices(current: Cell, prices: ForwardPrices): Cell {
    const slice = current.beginParse();
    expectTag(slice.loadUint(8), 0xea, 'msg_forward_prices');
    slice.skip(3 * 64);
    return beginCell()
        .storeUint(0xea, 8)
        .storeUint(prices.lumpPrice, 64)
        .storeUint(prices.bitPrice, 64)
        .storeUint(prices.cellPrice, 64)
        .storeSlice(slice)
        .endCell();
}

function expectTag(found: number, expected: number, name: string): void {
    if (found !== expected) {
        throw new Error(
            `The bundled configuration has tag 0x${found.toString(16)} where ${name} starts with 0x${expected.toString(16)}. ` +
                'The installed @ton/sandbox is not the version this package was built for: reinstall the pinned one.',
        );
    }
}
