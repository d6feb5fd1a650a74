import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { toNano } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import { WalletContractV5R1 } from '@ton/ton';
import { NETWORK_ID } from '../../../../reference-worker/tests/helpers/local-network';
import { chromiumPath, OpenPage } from '../../helpers/browser';
import type { GatewayFixture } from '../../helpers/inference/fixture';
import { SCRIPTED } from '../../helpers/inference/world';
import { root } from '../../helpers/readme';

const SEED = Buffer.alloc(32, 9);

/** docs/examples/browser-chat: no gateway, the page itself talks to chain and node. */
export function browserTests(fixture: () => GatewayFixture): void {
    // Skipped only where no Chromium is installed: CI installs it.
    const withBrowser = chromiumPath ? it : it.skip;
    withBrowser('streams an answer from a node with the SDK’s fetch', async () => {
        const { world } = fixture();
        const wallet = WalletContractV5R1.create({
            publicKey: keyPairFromSeed(SEED).publicKey,
            walletId: { networkGlobalId: NETWORK_ID },
        });
        await world.network.devnet.fund(wallet.address, toNano('10'));
        const examples = world.subfolder('examples');
        cpSync(join(root, 'docs/examples'), examples, { recursive: true });
        symlinkSync(join(root, 'node_modules'), join(examples, 'node_modules'), 'dir');
        const open = await OpenPage.open(
            join(examples, 'browser-chat'),
            {
                endpoint: world.chain.url,
                registry: world.chain.registry,
                networkId: String(NETWORK_ID),
                model: SCRIPTED.name,
                seed: SEED.toString('hex'),
            },
            join(root, 'tsconfig.json'),
        );
        try {
            const { page, errors } = open;
            const endpoints = world.nodes.map(({ endpoint }) => `${endpoint}/cocoon/v1/requests`);
            const asked: string[] = [];
            page.on('response', (response) => {
                if (endpoints.includes(response.url())) asked.push(response.url());
            });
            await page.getByRole('textbox', { name: 'Prompt' }).fill('slowly count 24');
            await page.getByRole('button', { name: 'Ask' }).click();
            const answer = page.locator('#answer');
            await page.locator('#answer:not(:empty), #note.error').waitFor({ timeout: 60_000 });
            expect(await page.locator('#note.error').allTextContents()).toEqual([]);
            // It comes word by word: what stands there first is not all of it.
            const first = await answer.textContent();
            await page.getByText(/^Node [0-9a-f]{8} earned/).waitFor({ timeout: 60_000 });
            const whole = Array.from({ length: 24 }, (_, i) => i + 1).join(' ');
            expect(await answer.textContent()).toBe(whole);
            expect(whole.startsWith(first!)).toBe(true);
            expect(first!.length).toBeLessThan(whole.length);
            expect(asked).toHaveLength(1);
            expect(errors).toEqual([]);
            const shots = join(root, 'coverage/e2e'); // for people to look at
            mkdirSync(shots, { recursive: true });
            await page.screenshot({ path: join(shots, 'browser-chat.png') });
        } finally {
            await open.close();
        }
    });
}
