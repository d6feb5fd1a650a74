import { Address } from '@ton/core';
import { captureError } from '../../tests/helpers/capture';
import { testWallet } from '../../tests/helpers/devnet-chain';
import { createClient, createCocoon } from '.';

const registry = new Address(0, Buffer.alloc(32, 7));
const wallet = testWallet(1);

describe('createCocoon', () => {
    it.each(['local', 'testnet', 'mainnet'] as const)('demands the registry of %s', async (network) => {
        const error = await captureError(() => createCocoon({ network }));
        expect(error).toMatchObject({ code: 'registry_unknown', details: { network } });
        expect(error.remedy).toContain('Pass registry');
    });

    it('takes registry as text or address, from the options or the network', () => {
        for (const options of [
            { registry: registry.toString() },
            { registry },
            { network: { endpoints: ['http://localhost:1'], registry } },
        ]) {
            expect(createCocoon(options).registry.equals(registry)).toBe(true);
        }
    });

    it('works without a registry where there is none yet', async () => {
        const client = createCocoon({ registry: null });
        expect((await captureError(() => client.registry)).code).toBe('registry_unknown');
    });

    it('knows the network ids of public networks', () => {
        expect(createClient({ network: 'mainnet', registry }).networkId).toBe(-239);
        expect(createClient({ network: 'testnet', registry }).networkId).toBe(-3);
        expect(createClient({ registry }).networkId).toBeUndefined();
    });

    it('reads without a sender and says so when it should send', async () => {
        const client = createCocoon({ registry });
        expect(client.canSend).toBe(false);
        expect((await captureError(() => client.sender)).code).toBe('sender_missing');
        const write = await captureError(() => client.jobs.postJob({ modelId: 1n, items: [], maxPrice: 1n }));
        expect(write.code).toBe('sender_missing');
    });

    it('sends with a wallet, a @ton/core sender or a message sender', () => {
        const { address } = wallet.contract;
        const byWallet = createCocoon({ registry, wallet });
        expect(byWallet.sender.address.equals(address)).toBe(true);
        expect(createCocoon({ registry, sender: byWallet.sender }).sender).toBe(byWallet.sender);
        const app = { address, send: async () => undefined };
        expect(createCocoon({ registry, sender: app }).sender.address.equals(address)).toBe(true);
    });

    it.each([
        [{ registry: 'nonsense' }, 'registry'],
        [{ registry, network: 'moon' as 'local' }, 'network'],
        [{ registry, endpoint: 'http://a', endpoints: ['http://b'] }, 'endpoint'],
        [{ registry, endpoint: 'ftp://a' }, 'endpoint'],
        [{ registry, wallet, sender: { send: async () => undefined } }, 'wallet or sender'],
    ])('refuses %p', async (options, what) => {
        const error = await captureError(() => createCocoon(options));
        expect(error.code).toBe('invalid_argument');
        expect(error.shortMessage).toContain(what);
    });
});
