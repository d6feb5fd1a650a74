import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cell } from '@ton/core';
import { createNetwork, type Network } from './network';
import { report, search } from './run';

// A harness that cannot fail proves nothing: each contract here has one line spoilt, and must be found out.

const root = join(__dirname, '..', '..');

/** Compiles a contract with one line changed, in a copy of the sources. */
function mutant(contract: 'Job' | 'Node', file: string, before: string, after: string): Cell {
    const folder = mkdtempSync(join(tmpdir(), 'cocoon-mutant-'));
    try {
        cpSync(join(root, 'contracts'), join(folder, 'contracts'), { recursive: true });
        symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
        const path = join(folder, 'contracts', file);
        const source = readFileSync(path, 'utf8');
        if (source.split(before).length !== 2) throw new Error(`"${before}" is not once in ${file}.`);
        writeFileSync(path, source.replace(before, after));
        const config = JSON.parse(readFileSync(join(root, 'tact.config.json'), 'utf8'));
        config.projects = config.projects.filter(({ name }: { name: string }) => name === contract);
        writeFileSync(join(folder, 'tact.config.json'), JSON.stringify(config));
        const tact = join(root, 'node_modules', '@tact-lang', 'compiler', 'bin', 'tact.js');
        execFileSync(process.execPath, [tact, '--config', join(folder, 'tact.config.json')], {
            cwd: folder,
            stdio: 'pipe',
        });
        return Cell.fromBoc(
            readFileSync(join(folder, 'build', contract, `${contract}_${contract}.code.boc`)),
        )[0] as Cell;
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

async function expectFound(network: Network, what: RegExp): Promise<void> {
    const found = await search(network, 1, 400, 12);
    expect(found && report(found)).toMatch(what);
    // Shrunk: what breaks needs only a few steps.
    expect(found?.actions.length).toBeLessThan(9);
}

it.each([
    [
        'keeps the escrow whole on paper when a keeper takes its tip',
        'Job',
        'job/settlement.tact',
        'escrow -= noKeyFee + tip;',
        'escrow -= noKeyFee;',
        /escrow is|of fees out of|JobRefund/,
    ],
    [
        'does not release what a lock held',
        'Node',
        'node/claims.tact',
        'self.locked -= amount;',
        'self.locked -= amount / 2;',
        /locked is|sum of the locks/,
    ],
    [
        'pays for claims that came to nothing',
        'Job',
        'job/settlement.tact',
        'let earned = outcome == CLAIM_PAID ? price : 0;',
        'let earned = outcome == CLAIM_DECLINED ? 0 : price;',
        /owes|JobPayout|uncalled for|action phase/,
    ],
] as const)(
    'a contract that %s is found out',
    async (_, contract, file, before, after, what) => {
        const code = mutant(contract, file, before, after);
        await expectFound(await createNetwork(contract === 'Job' ? { job: code } : { node: code }), what);
    },
    240_000,
);

it('a model that expects another fee is found out', async () => {
    const network = await createNetwork();
    const { jobParams } = network.terms;
    await expectFound(
        { ...network, terms: { ...network.terms, jobParams: { ...jobParams, feeBps: 499 } } },
        /JobPayout of/,
    );
}, 120_000);
