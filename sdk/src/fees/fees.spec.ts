import { type Cell, Dictionary } from '@ton/core';
import { CURRENT_PRICES, networkConfig, PRICES_2024 } from 'cocoon-devnet';
import { captureError } from '../../tests/helpers/capture';
import type { ChainReader } from '../rpc';
import { computeFee, forwardFee, readPrices, storageReserve, traceFee, withMargin } from '.';

/** Answers with the parameters of a configuration. */
function reader(config: Cell, broken?: number): ChainReader {
    const parameters = Dictionary.loadDirect(Dictionary.Keys.Int(32), Dictionary.Values.Cell(), config);
    const getConfigParam = async (id: number) => parameters.get(id === broken ? 0 : id)!;
    return { getConfigParam } as unknown as ChainReader;
}

it.each([CURRENT_PRICES, PRICES_2024])('reads the prices of the configuration', async (expected) => {
    expect(await readPrices(reader(networkConfig(expected)))).toEqual({
        gas: {
            flatLimit: expected.gas.flatGasLimit,
            flatPrice: expected.gas.flatGasPrice,
            price: expected.gas.gasPrice,
        },
        forward: {
            lump: expected.forward.lumpPrice,
            bit: expected.forward.bitPrice,
            cell: expected.forward.cellPrice,
        },
        storage: { bit: expected.storage.bitPrice, cell: expected.storage.cellPrice },
    });
});

it.each([18, 21, 25])('says when parameter %i cannot be read', async (id) => {
    const error = await captureError(() => readPrices(reader(networkConfig(PRICES_2024), id)));
    expect(error.code).toBe('rpc_response');
});

it('computes as the TVM does: flat part, and every division rounded up', async () => {
    const prices = await readPrices(reader(networkConfig(PRICES_2024)));
    expect(computeFee(prices, 1n)).toBe(40_000n);
    expect(computeFee(prices, 100n)).toBe(40_000n);
    expect(computeFee(prices, 10_000n)).toBe(4_000_000n);
    expect(forwardFee(prices, 0n, 0n)).toBe(400_000n);
    expect(forwardFee(prices, 1n, 100n)).toBe(400_000n + 40_000n + 40_000n);
    expect(forwardFee({ ...prices, forward: { lump: 1n, bit: 1n, cell: 0n } }, 0n, 1n)).toBe(2n);
    expect(traceFee(prices, 10_000n, 3n, 1n, 100n)).toBe(4_000_000n + 480_000n + 2n * 400_000n);
    expect(storageReserve(prices, 1n, 0n)).toBe((500n * 157_680_000n + 65_535n) / 65_536n);
    expect(withMargin(1_000n)).toBe(1_250n);
});
