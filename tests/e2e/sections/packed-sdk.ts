import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromiumPath, OpenPage } from '../helpers/browser';
import { Consumer } from '../helpers/consumer';
import type { KeptNetwork } from '../helpers/kept-network';
import { commands, root } from '../helpers/readme';

const TYPES = join(__dirname, '../consumer.types.ts');

export function packedSdkTests(kept: () => KeptNetwork): void {
    let consumer: Consumer;

    beforeAll(async () => {
        consumer = await Consumer.install();
    });
    afterAll(() => consumer?.dispose());

    it('installs what both READMEs name', () => {
        const start = 'npm install cocoon-sdk';
        expect(commands('sdk/README.md', start)).toEqual(commands('README.md', start));
    });

    it('posts a job and reads the answer, as an ES module', async () => {
        expect(await consumer.example('post-job.mjs', kept().environment)).toBe(
            'The capital of France is Paris.\n',
        );
    });

    it('posts a job and reads the answer, as CommonJS', async () => {
        expect(await consumer.example('post-job.cjs', kept().environment)).toMatch(
            /^TON is The Open Network, a fast public blockchain\./,
        );
    });

    it('finds the nodes of a model', async () => {
        const output = await consumer.example('find-nodes.mjs', kept().environment);
        expect(output).toMatch(/^node \d: \d jobs paid, 0\.3 TON per 1M tokens$/m);
        expect(output.trim().split('\n')).toHaveLength(3);
    });

    it('compiles with the types as ES module and as CommonJS of Node', async () => {
        const files = ['consumer.mts', 'consumer.cts'];
        for (const file of files) consumer.add(TYPES, file);
        await consumer.typecheck(files, { module: 'node16', moduleResolution: 'node16' });
    });

    it('compiles with the types for bundlers, and so does the page', async () => {
        consumer.add(TYPES, 'consumer.ts');
        const files = ['consumer.ts', 'browser/main.ts'];
        await consumer.typecheck(files, { module: 'esnext', moduleResolution: 'bundler' });
    });

    // Skipped only where no Chromium is installed: CI installs it.
    const withBrowser = chromiumPath ? it : it.skip;
    withBrowser('posts a job and shows the answer in a browser', async () => {
        const { environment } = kept();
        const open = await OpenPage.open(join(consumer.folder, 'browser'), {
            endpoint: environment.COCOON_ENDPOINT!,
            registry: environment.COCOON_REGISTRY!,
            networkId: environment.COCOON_NETWORK_ID!,
            modelId: environment.COCOON_MODEL_ID!,
            seed: environment.COCOON_WALLET_SEED!,
        });
        try {
            const { page, errors } = open;
            await page.getByRole('textbox', { name: 'Prompt' }).fill('What is the capital of Japan?');
            await page.getByRole('button', { name: 'Ask' }).click();
            await page.locator('#answer:not(:empty), #note.error').waitFor({ timeout: 60_000 });
            expect(await page.locator('#note').textContent()).toMatch(/^Node \d earned 0\.1 TON\.$/);
            expect(await page.locator('#answer').textContent()).toBe('The capital of Japan is Tokyo.');
            expect(await page.locator('#log li').count()).toBe(5);
            expect(errors).toEqual([]);
            const shots = join(root, 'coverage/e2e'); // for people to look at
            mkdirSync(shots, { recursive: true });
            await page.screenshot({ path: join(shots, 'browser.png') });
        } finally {
            await open.close();
        }
    });
}
