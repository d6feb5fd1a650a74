import { createNetworkProvider, type UIProvider } from '@ton/blueprint';
import { beginCell, type Contract, type ContractProvider, contractAddress, type Sender } from '@ton/core';
import { developmentWallet } from 'cocoon-devnet';
import { closeAll, echo, startNet, TON } from './helpers';

const silent: UIProvider = {
    write: () => undefined,
    prompt: async () => true,
    inputAddress: async () => {
        throw new Error('asked for an address');
    },
    input: async () => '',
    choose: async (_message, choices) => choices[0]!,
    setActionPrompt: () => undefined,
    clearActionPrompt: () => undefined,
};

/** A contract as Blueprint's templates write it. */
class Parrot implements Contract {
    readonly init = { code: echo(), data: beginCell().storeUint(1, 8).endCell() };
    readonly address = contractAddress(0, this.init);

    async sendDeploy(provider: ContractProvider, via: Sender, value: bigint) {
        await provider.internal(via, { value });
    }

    async getEcho(provider: ContractProvider, value: bigint) {
        return (await provider.get('echo', [{ type: 'int', value }])).stack.readBigNumber();
    }
}

const environment = process.env;
afterEach(async () => {
    process.env = environment;
    await closeAll();
});

it('serves `blueprint run --custom … --mnemonic` from deployment to the last transaction', async () => {
    const { devnet, url } = await startNet({ clock: Date.now });
    const wallet = await developmentWallet(1, 0);
    await devnet.fund(wallet.address, 100n * TON);
    process.env = {
        ...environment,
        WALLET_MNEMONIC: wallet.mnemonic.join(' '),
        WALLET_VERSION: wallet.version,
    };
    const provider = await createNetworkProvider(silent, {
        _: [],
        '--custom': url,
        '--custom-version': 'v2',
        '--custom-type': 'custom',
        '--custom-key': 'any',
        '--mnemonic': true,
        '--tonscan': true,
    } as unknown as Parameters<typeof createNetworkProvider>[1]);
    expect(provider.sender().address!.toString({ bounceable: false })).toBe(wallet.address);

    const parrot = provider.open(new Parrot());
    await parrot.sendDeploy(provider.sender(), TON);
    await provider.waitForDeploy(parrot.address, 20, 50);
    expect(await provider.isContractDeployed(parrot.address)).toBe(true);
    expect(await parrot.getEcho(42n)).toBe(42n);

    const config = await provider.getConfig();
    expect(config.gasPrices.workchain.other.gasPrice).toBe(4_369_067n);
});
