import { Cell } from '@ton/core';
import { Blockchain } from '@ton/sandbox';
import {
    CURRENT_PRICES,
    currentNetworkConfig,
    type NetworkPrices,
    networkConfig,
    PRICES_2024,
    scalePrices,
} from 'cocoon-devnet';
import { getterConfig } from '../src/config/network-config';
import { closeAll, plainAddress, rpc, startNet, TON, testWallet, transfer } from './helpers';

afterAll(closeAll);

/** Fees of one wallet transfer under the prices given. */
async function measure(prices: NetworkPrices) {
    const { devnet, client } = await startNet({ config: networkConfig(prices) });
    const wallet = testWallet(1);
    await devnet.fund(wallet.address, 10n * TON);
    await transfer(client, wallet, 0, [{ to: plainAddress(0xee), value: TON }]);
    await devnet.settle();
    const sent = devnet.transactions(wallet.address)[1]!;
    if (sent.description.type !== 'generic' || sent.description.computePhase.type !== 'vm') {
        throw new Error('expected an ordinary transaction that ran');
    }
    const { gasUsed, gasFees } = sent.description.computePhase;
    return { gasUsed, gasFees, forwardFees: sent.description.actionPhase!.totalFwdFees! };
}

const gasFee = ({ gas }: NetworkPrices, used: bigint) =>
    gas.flatGasPrice + (gas.gasPrice * (used - gas.flatGasLimit) + 65_535n) / 65_536n;

it.each([
    ['current', CURRENT_PRICES],
    ['2024', PRICES_2024],
    ['doubled', scalePrices(CURRENT_PRICES, 2n)],
])('charges the %s prices', async (_name, prices) => {
    const { gasUsed, gasFees, forwardFees } = await measure(prices);
    expect(gasFees).toBe(gasFee(prices, gasUsed));
    // The message has its body in the root cell: only the lump price.
    expect(forwardFees).toBe(prices.forward.lumpPrice);
});

it('charges storage by cells', async () => {
    const { devnet } = await startNet();
    const address = plainAddress(0xee);
    await devnet.fund(address, TON);
    const year = 31_536_000;
    devnet.increaseTime(year);
    await devnet.fund(address, TON);
    const second = devnet.transactions(address)[1]!;
    if (second.description.type !== 'generic') throw new Error('expected an ordinary transaction');
    const fee = (CURRENT_PRICES.storage.cellPrice * BigInt(year) + 65_535n) / 65_536n;
    expect(second.description.storagePhase!.storageFeesCollected).toBe(fee);
});

it('gives clients the same configuration, by parameter and by its account', async () => {
    const { client, url } = await startNet();
    const { result } = await rpc(url, 'getConfigParam', { config_id: 21 });
    const slice = Cell.fromBase64(result.config.bytes)
        .beginParse()
        .skip(8 + 64 + 64 + 8);
    expect(slice.loadUintBig(64)).toBe(CURRENT_PRICES.gas.gasPrice);
    const all = await rpc(url, 'getConfigAll');
    expect(Cell.fromBase64(all.result.config.bytes).equals(currentNetworkConfig())).toBe(true);
    const account = await client.getContractState(
        (await import('@ton/core')).Address.parse(`-1:${'5'.repeat(64)}`),
    );
    expect(Cell.fromBoc(account.data!)[0]!.refs[0]!.equals(currentNetworkConfig())).toBe(true);
    expect(await rpc(url, 'getConfigParam', { config_id: 999 })).toMatchObject({ ok: false, status: 500 });
});

it('fits the sandbox of contract tests', async () => {
    const blockchain = await Blockchain.create({ config: currentNetworkConfig() });
    const treasury = await blockchain.treasury('payer');
    const { transactions } = await treasury.send({ to: plainAddress(0xee), value: TON, bounce: false });
    const sent = transactions[0]!;
    if (sent.description.type !== 'generic' || sent.description.computePhase.type !== 'vm') {
        throw new Error('expected an ordinary transaction that ran');
    }
    const { gasUsed, gasFees } = sent.description.computePhase;
    expect(gasFees).toBe(gasFee(CURRENT_PRICES, gasUsed));
});

it('gives getters a much smaller configuration', () => {
    const full = currentNetworkConfig().toBoc().length;
    expect(getterConfig(currentNetworkConfig()).toBoc().length * 10).toBeLessThan(full);
});
