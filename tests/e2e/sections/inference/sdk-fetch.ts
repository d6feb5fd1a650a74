import { toNano } from '@ton/core';
import { jsonChannelBook } from 'cocoon-sdk';
import { testWallet } from '../../../../reference-worker/tests/helpers/local-network';
import { chat } from '../../../../sdk/examples/chat';
import type { GatewayFixture } from '../../helpers/inference/fixture';
import { SCRIPTED } from '../../helpers/inference/world';

/** sdk/examples/chat.ts, which the SDK's README shows: no gateway, the application itself pays. */
export function sdkFetchTests(fixture: () => GatewayFixture): void {
    it('streams an answer with the SDK’s fetch, and takes everything back', async () => {
        const { world } = fixture();
        const wallet = testWallet(7_777);
        await world.network.devnet.fund(wallet.contract.address, toNano('10'));
        const stored = new Map<string, string>();
        const channels = jsonChannelBook({
            getItem: (key) => stored.get(key) ?? null,
            setItem: (key, value) => void stored.set(key, value),
            removeItem: (key) => void stored.delete(key),
        });
        const printed: string[] = [];
        const log = jest.spyOn(console, 'log').mockImplementation((text) => void printed.push(text));
        const { url: endpoint, registry } = world.chain;
        await chat({ endpoint, registry, wallet, channels, model: SCRIPTED.name }).finally(() =>
            log.mockRestore(),
        );
        expect(printed.join('')).toBe('I heard you');
        const left = world.network.devnet.balance(wallet.contract.address);
        expect(left).toBeGreaterThan(toNano('9.8'));
    });
}
