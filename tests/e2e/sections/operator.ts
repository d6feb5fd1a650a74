import { readFileSync, writeFileSync } from 'node:fs';
import { Address, toNano } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import { WalletContractV5R1 } from '@ton/ton';
import { DevnetControl } from 'cocoon-devnet';
import { type Cocoon, createCocoon } from 'cocoon-sdk';
import { parseDocument } from 'yaml';
import type { KeptNetwork } from '../helpers/kept-network';
import { ProcessGroup, run } from '../helpers/processes';
import { codeBlock, commands, inlineCommands, root } from '../helpers/readme';
import { Workspace } from '../helpers/workspace';

/** The way of the worker's README: keys, configuration, check, registration by the owner, run, first payment. */
export function operatorTests(kept: () => KeptNetwork): void {
    const workspace = Workspace.withPackages();
    const { folder } = workspace;
    const [keys, copy, check, start, chat] = inlineCommands(
        'reference-worker/README.md',
        /^(npx cocoon-worker|cp node_modules)/,
    );
    const shell = (command: string) => run('bash', ['-c', command], { cwd: folder });
    let worker: ProcessGroup | undefined;

    afterAll(() => {
        worker?.kill();
        workspace.dispose();
    });

    it('finds the same commands in both READMEs', () => {
        const [shortKeys, ...rest] = commands('README.md', 'npx cocoon-worker keys');
        expect(keys).toBe(`${shortKeys} --network-id -3`);
        expect(rest).toEqual([check, start]);
    });

    it('goes from keys to the first payment', async () => {
        const { environment, url } = kept();
        const made = await shell(keys!.replace('-3', environment.COCOON_NETWORK_ID!));
        const operator = Address.parse(made.match(/operator wallet \(v5r1\) +(\S+)/)![1]!);
        const publicKey = (name: string) =>
            BigInt(`0x${made.match(new RegExp(`${name} public key +([0-9a-f]{64})`))![1]!}`);
        await new DevnetControl(url).fund(operator.toString(), toNano('1'));

        const owner = connect(environment);
        const { index } = await owner.nodes.registerNode({
            stake: toNano('25'),
            operator,
            payout: owner.sender.address,
            operatorKey: publicKey('operator'),
            encryptionKey: publicKey('encryption'),
            offers: [
                {
                    modelId: BigInt(environment.COCOON_MODEL_ID!),
                    promptPrice: toNano('0.1'),
                    cachedPromptPrice: toNano('0.1'),
                    completionPrice: toNano('0.3'),
                    contextLength: 1_024,
                    slots: 2,
                },
            ],
        });
        await shell(copy!);
        configure(workspace.path('worker.yaml'), environment, index);
        expect(await shell(check!)).not.toContain('FAIL');
        expect(await shell(chat!)).toMatch(/^TON is The Open Network/);

        worker = new ProcessGroup('bash', ['-c', start!], { cwd: folder });
        const { answers, nodeIndex } = await owner.jobs.runJob({
            modelId: BigInt(environment.COCOON_MODEL_ID!),
            node: index,
            items: [{ messages: [{ role: 'user', content: 'What is 7 + 5?' }], max_tokens: 16 }],
            maxPrice: toNano('0.1'),
        });
        expect([nodeIndex, answers[0]!.text.trim()]).toEqual([index, '7 + 5 = 12']);
        expect((await owner.nodes.getNode({ node: index })).counters.paid).toBe(1);

        await worker.interrupt();
        const last = JSON.parse(worker.stdout.trim().split('\n').at(-1)!) as { msg: string };
        expect(last.msg).toBe('stopped');
        expect(worker.alive).toBe(false);
        expect(worker.stdout).not.toContain('7 + 5');
    });

    it('runs in another program', async () => {
        const source = codeBlock('reference-worker/README.md', "import { runWorker } from 'cocoon-worker';");
        workspace.write('program.mjs', `${source}console.log('program over');`);
        const program = new ProcessGroup(process.execPath, ['program.mjs'], { cwd: folder });
        worker = program;
        await program.prints(/"msg":"model is ready"/);
        expect(program.alive).toBe(true);
        program.kill();
    });

    it('brings the GPU builds back with one command', async () => {
        const gpu = new Workspace();
        try {
            for (const file of ['package.json', ...members()]) {
                gpu.write(file, readFileSync(`${root}/${file}`, 'utf8'));
            }
            const [command] = commands('reference-worker/README.md', 'npm pkg delete overrides');
            // The lockfile says what would be downloaded.
            await run('bash', ['-c', `${command} --package-lock-only --no-audit --prefer-offline`], {
                cwd: gpu.folder,
            });
            const { packages } = JSON.parse(readFileSync(gpu.path('package-lock.json'), 'utf8'));
            const cuda = packages['node_modules/@node-llama-cpp/linux-x64-cuda'];
            expect(cuda.name).toBeUndefined(); // with the overrides it is a small package of another name
            expect(cuda.version).toBe(packages['node_modules/node-llama-cpp'].version);
        } finally {
            gpu.dispose();
        }
    });
}

function members(): string[] {
    const { workspaces } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
        workspaces: string[];
    };
    return workspaces.map((name) => `${name}/package.json`);
}

/** The wallet that the demo gives to visitors. */
function connect(environment: Readonly<Record<string, string>>): Cocoon {
    const keys = keyPairFromSeed(Buffer.from(environment.COCOON_WALLET_SEED!, 'hex'));
    const contract = WalletContractV5R1.create({
        publicKey: keys.publicKey,
        walletId: { networkGlobalId: Number(environment.COCOON_NETWORK_ID) },
    });
    return createCocoon({
        endpoint: environment.COCOON_ENDPOINT,
        registry: environment.COCOON_REGISTRY,
        wallet: { contract, secretKey: keys.secretKey },
    });
}

/** What the comment behind the `cp` tells to edit: network, registry, node. The model is the one that ships. */
function configure(file: string, environment: Readonly<Record<string, string>>, node: number): void {
    const config = parseDocument(readFileSync(file, 'utf8'));
    config.setIn(['network', 'id'], Number(environment.COCOON_NETWORK_ID));
    config.setIn(['network', 'endpoints'], [environment.COCOON_ENDPOINT]);
    config.setIn(['network', 'registry'], environment.COCOON_REGISTRY);
    config.setIn(['node', 'index'], node);
    config.setIn(['http', 'port'], 0);
    writeFileSync(file, config.toString());
}
