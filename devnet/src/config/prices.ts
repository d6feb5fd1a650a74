/** Gas prices of one workchain (configuration parameters 20 and 21). */
export interface GasPrices {
    /** Gas units covered by the flat price. */
    flatGasLimit: bigint;
    /** nanoTON for the first `flatGasLimit` gas units. */
    flatGasPrice: bigint;
    /** nanoTON per 65,536 gas units. */
    gasPrice: bigint;
}

/** Message forwarding prices of one workchain (configuration parameters 24 and 25). */
export interface ForwardPrices {
    /** nanoTON per message. */
    lumpPrice: bigint;
    /** nanoTON per 65,536 bits outside the root cell. */
    bitPrice: bigint;
    /** nanoTON per 65,536 cells outside the root cell. */
    cellPrice: bigint;
}

/** Storage prices (configuration parameter 18), nanoTON per 65,536 seconds. */
export interface StoragePrices {
    bitPrice: bigint;
    cellPrice: bigint;
    masterchainBitPrice: bigint;
    masterchainCellPrice: bigint;
}

export interface NetworkPrices {
    gas: GasPrices;
    forward: ForwardPrices;
    masterchainGas: GasPrices;
    masterchainForward: ForwardPrices;
    storage: StoragePrices;
}

const masterchainGas: GasPrices = { flatGasLimit: 100n, flatGasPrice: 1_000_000n, gasPrice: 655_360_000n };
const masterchainForward: ForwardPrices = {
    lumpPrice: 10_000_000n,
    bitPrice: 655_360_000n,
    cellPrice: 65_536_000_000n,
};

/**
 * Prices of the main network since 30 April 2026, when validators voted basechain fees down to a sixth
 * (66.67 nanoTON per gas unit, storage paid per cell only). Masterchain prices are those of the emulator.
 */
export const CURRENT_PRICES: NetworkPrices = {
    gas: { flatGasLimit: 100n, flatGasPrice: 6_667n, gasPrice: 4_369_067n },
    forward: { lumpPrice: 66_667n, bitPrice: 4_369_067n, cellPrice: 436_906_667n },
    masterchainGas,
    masterchainForward,
    storage: { bitPrice: 0n, cellPrice: 135n, masterchainBitPrice: 1_000n, masterchainCellPrice: 500_000n },
};

/** Prices from mid 2024 to April 2026 (400 nanoTON per gas unit), for comparison with older measurements. */
export const PRICES_2024: NetworkPrices = {
    gas: { flatGasLimit: 100n, flatGasPrice: 40_000n, gasPrice: 26_214_400n },
    forward: { lumpPrice: 400_000n, bitPrice: 26_214_400n, cellPrice: 2_621_440_000n },
    masterchainGas,
    masterchainForward,
    storage: { bitPrice: 1n, cellPrice: 500n, masterchainBitPrice: 1_000n, masterchainCellPrice: 500_000n },
};

/** Multiplies every price, to check that contracts still hold when validators raise fees. */
export function scalePrices(prices: NetworkPrices, factor: bigint): NetworkPrices {
    const gas = (p: GasPrices): GasPrices => ({
        flatGasLimit: p.flatGasLimit,
        flatGasPrice: p.flatGasPrice * factor,
        gasPrice: p.gasPrice * factor,
    });
    const forward = (p: ForwardPrices): ForwardPrices => ({
        lumpPrice: p.lumpPrice * factor,
        bitPrice: p.bitPrice * factor,
        cellPrice: p.cellPrice * factor,
    });
    const { storage } = prices;
    return {
        gas: gas(prices.gas),
        forward: forward(prices.forward),
        masterchainGas: gas(prices.masterchainGas),
        masterchainForward: forward(prices.masterchainForward),
        storage: {
            bitPrice: storage.bitPrice * factor,
            cellPrice: storage.cellPrice * factor,
            masterchainBitPrice: storage.masterchainBitPrice * factor,
            masterchainCellPrice: storage.masterchainCellPrice * factor,
        },
    };
}
