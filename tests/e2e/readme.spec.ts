import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeBlocks, inlineCommands, READMES, type Readme, root } from './helpers/readme';

const PACKED = 'tests/e2e/sections/packed-sdk.ts';
const OPERATOR = 'tests/e2e/sections/operator.ts';
const DEPLOYER = 'tests/e2e/sections/deployer.ts';
const CHAT = 'tests/e2e/chat-demo.spec.ts';
const EXAMPLES = 'sdk/tests/examples.spec.ts';

/** How each code block begins, and the test that runs it. */
const tested: Record<Readme, [start: string, file: string, test: string][]> = {
    'README.md': [
        [
            'npm run demo  ',
            'tests/e2e/demo.spec.ts',
            'ends on Ctrl-C with code 0 and leaves no process behind',
        ],
        ['npm install cocoon-sdk', PACKED, 'posts a job and reads the answer, as an ES module'],
        ['// docs/examples/post-job.mjs', PACKED, 'posts a job and reads the answer, as an ES module'],
        ['// docs/examples/find-nodes.mjs', PACKED, 'finds the nodes of a model'],
        ['npm run demo:chat', CHAT, 'is started as the README says'],
        ['// docs/examples/chat.mjs', CHAT, 'streams to an application with the official client'],
        ['npx cocoon-worker keys', OPERATOR, 'finds the same commands in both READMEs'],
        ['npm run build', DEPLOYER, 'deploys a network on a fresh chain'],
    ],
    'sdk/README.md': [
        ['npm install cocoon-sdk', PACKED, 'installs what both READMEs name'],
        ['// docs/examples/browser/polyfill.ts', PACKED, 'posts a job and shows the answer in a browser'],
        ['import { createCocoon, type JobStore, type Wallet }', EXAMPLES, 'asks any node'],
        ["import { readFile, rm, writeFile } from 'node:fs/promises'", EXAMPLES, 'asks any node'],
        [
            "import { type ChannelBook, createCocoon, type Wallet } from 'cocoon-sdk'",
            'tests/e2e/sections/inference/sdk-fetch.ts',
            'streams an answer with the SDK’s fetch, and takes everything back',
        ],
        ["import type { Cocoon } from 'cocoon-sdk'", EXAMPLES, 'asks the cheapest node'],
        ["import { Address } from '@ton/core'", EXAMPLES, 'posts through a wallet app'],
        ['import { type Cocoon, isCocoonError', EXAMPLES, 'posts through a wallet app'],
        [
            'import { type AnswerEvidence, type Cocoon, previewDisclosure }',
            'sdk/src/actions/disputes/disputes-devnet.spec.ts',
            'an honest node keeps its stake and gains; the accuser loses the bond',
        ],
    ],
    'reference-worker/README.md': [
        ["import { runWorker } from 'cocoon-worker'", OPERATOR, 'runs in another program'],
        ['npm pkg delete overrides', OPERATOR, 'brings the GPU builds back with one command'],
    ],
    'devnet/README.md': [
        ['npx cocoon-devnet', DEPLOYER, 'starts a local network in each way of the README'],
        ['WALLET_MNEMONIC=', DEPLOYER, 'deploys a network on a fresh chain'],
        ["import { createDevnet } from 'cocoon-devnet'", DEPLOYER, 'runs a local network in its own process'],
    ],
};

it('leaves no command in the text of the operator README untested', () => {
    const inText = inlineCommands('reference-worker/README.md', /^(npx|npm|cp|curl) /);
    const known =
        /^npx cocoon-worker|^cp node_modules|^npx blueprint run registerNode$|^npm install cocoon-worker$/;
    expect(inText.filter((command) => !known.test(command))).toEqual([]);
    expect(inText.filter((command) => command.startsWith('npx cocoon-worker'))).toHaveLength(4);
});

describe.each(READMES)('%s', (readme) => {
    const pictures = ['mermaid', ''];
    const blocks = codeBlocks(readme).filter(({ language }) => !pictures.includes(language));

    it('has no code that no test runs', () => {
        const unknown = blocks.filter(
            ({ text }) => !tested[readme].some(([start]) => text.startsWith(start)),
        );
        expect(unknown).toEqual([]);
        expect(blocks).toHaveLength(tested[readme].length);
    });

    it.each(tested[readme])('%s … is run by %s', (start, file, test) => {
        expect(blocks.filter(({ text }) => text.startsWith(start))).toHaveLength(1);
        expect(readFileSync(join(root, file), 'utf8')).toContain(`('${test}'`);
    });

    it('shows files of the repository to the letter', () => {
        for (const { text } of blocks) {
            const [, file] = text.match(/^\/\/ (\S+\/\S+)\n/) ?? [];
            if (file === undefined) continue;
            const source = readFileSync(join(root, file), 'utf8').replace(/^(\/\/.*\n)+/, '');
            expect(text).toBe(`// ${file}\n${source}`);
        }
    });

    it('has code in fences only, where this test finds it', () => {
        const source = readFileSync(join(root, readme), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
        expect(source).not.toMatch(/\n\n {4}\S/);
    });
});
