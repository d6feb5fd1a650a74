import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Cell } from '@ton/core';
import { run as acceptGovernance } from '../../scripts/acceptGovernance';
import { run as cancelProposal } from '../../scripts/cancelProposal';
import { run as deployProtocol } from '../../scripts/deployProtocol';
import { run as executeProposal } from '../../scripts/executeProposal';
import { run as pauseNetwork } from '../../scripts/pauseNetwork';
import { run as proposeChange } from '../../scripts/proposeChange';
import { run as showNetwork } from '../../scripts/showNetwork';
import { run as showProposal } from '../../scripts/showProposal';
import { run as transferGovernance } from '../../scripts/transferGovernance';
import { run as unpauseNetwork } from '../../scripts/unpauseNetwork';
import { localNetwork, ScriptBench } from './harness';

const YES = '--yes';
const MODEL = `0x${'a5'.repeat(32)}`;

let bench: ScriptBench;
let network: string;
beforeAll(async () => {
    bench = await ScriptBench.start();
    network = bench.file('local.json', localNetwork());
    await bench.ok(deployProtocol, [network, YES]);
});
afterAll(() => bench.stop());

const state = async () => (await bench.registry(network)).getNetwork();

describe('a change of terms, catalogue and release', () => {
    let change: string;
    beforeAll(() => {
        change = bench.file('change.json', {
            terms: { jobs: { feeBps: 250 }, stakes: { minStake: '5' } },
            models: [{ modelId: MODEL, name: 'a5', manifestUri: 'https://models.example/a5.json' }],
            release: { code: 'built' },
        });
    });

    it('is proposed, with what is and what will be', async () => {
        const { text } = await bench.ok(proposeChange, [network, change, YES]);
        expect(text).toMatch(/jobs\.feeBps +500 \(5 %\) +250 \(2\.5 %\)/);
        expect(text).toMatch(/stakes\.minStake +10 TON +5 TON/);
        expect(text).toMatch(/Node release +1 +2/);
        expect(text).toContain('Proposal 0 can be executed from');
        expect((await state()).proposalCount).toBe(1);
    });

    it('is shown while it is pending', async () => {
        expect((await bench.ok(showNetwork, [network])).text).toMatch(
            /Proposal 0 +0x[0-9a-f]{64} +executable from/,
        );
        expect((await bench.ok(showProposal, [network, '0'])).text).toMatch(/feeBps +500 \(5 %\) +250/);
    });

    it('is not executed too early', async () => {
        const { error } = await bench.run(executeProposal, [network, '0', YES]);
        expect(error?.message).toContain('Too early: proposal 0 can be executed from');
    });

    it('is executed by anyone after the timelock, without the file of the proposal', async () => {
        const saved = join(bench.directory, 'local.proposals', '0.json');
        expect(existsSync(saved)).toBe(true);
        rmSync(saved);
        bench.advance(61);
        await bench.ok(executeProposal, [network, '0', YES], { wallet: 1 });
        const registry = await bench.registry(network);
        expect((await registry.getTerms()).jobParams).toMatchObject({ feeBps: 250, keeperTip: 50_000_000n });
        expect((await registry.getTerms()).stakeParams).toMatchObject({
            minStake: 5_000_000_000n,
            reserve: 10_000_000_000n,
        });
        expect(await registry.getNetwork()).toMatchObject({
            releaseVersion: 2,
            modelCount: 2,
            termsCount: 2,
            proposalCount: 0,
        });
        expect((await registry.getModel(BigInt(MODEL)))?.name).toBe('a5');
    });

    it('is not executed twice', async () => {
        const { error } = await bench.run(executeProposal, [network, '0', YES]);
        expect(error?.message).toContain('Proposal 0 is not pending');
    });
});

it('withdraws a proposal', async () => {
    await bench.ok(proposeChange, [network, bench.file('removal.json', { removedModels: [MODEL] }), YES]);
    const stranger = await bench.run(cancelProposal, [network, '1', YES], { wallet: 1 });
    expect(stranger.error?.message).toContain('Only the governor may send this');
    await bench.ok(cancelProposal, [network, '1', YES]);
    expect((await state()).proposalCount).toBe(0);
});

describe('a file of changes', () => {
    it('may be the committed example', async () => {
        const example = join(__dirname, '../../networks/change.example.json');
        const { text } = await bench.ok(proposeChange, [network, example, '--dry-run']);
        expect(text).toContain('stakes.minStake');
        expect(text).toContain('Dry run: nothing was sent.');
    });

    const propose = (content: object) =>
        bench.run(proposeChange, [network, bench.file('wrong.json', content), YES]);

    it('must change something', async () => {
        expect((await propose({})).error?.message).toContain('changes nothing');
    });

    it('is held against the bounds of the contracts', async () => {
        const { error } = await propose({ terms: { jobs: { feeBps: 1_001 } } });
        expect(error?.message).toMatch(
            /terms\.jobs\.feeBps is 1001.\nExpected a whole number, at least 0, at most 1000/,
        );
        const shorter = await propose({ terms: { stakes: { unbondingPeriod: '2h' } } });
        expect(shorter.error?.message).toMatch(
            /unbondingPeriod is "2h".\nExpected a duration.* at least 7201s/,
        );
    });

    it('has no fields that nobody reads', async () => {
        const { error } = await propose({ terms: { jobs: { feebps: 100 } } });
        expect(error?.message).toContain('terms.jobs.feebps is not a known field');
    });

    it('names code that exists', async () => {
        const { error } = await propose({ release: { code: 'missing.boc' } });
        expect(error?.message).toMatch(/release\.code is "missing\.boc".\nExpected "built", or the path/);
    });
});

describe('governance', () => {
    it('is prepared for a multisig by a dry run from any wallet', async () => {
        const other = await bench.wallet(1);
        const { text } = await bench.ok(transferGovernance, [network, other.toString(), '--dry-run'], {
            wallet: 1,
        });
        const [, boc] = /body \(base64\) +(\S+)/.exec(text)!;
        const body = Cell.fromBase64(boc!).beginParse();
        expect(body.loadUint(32)).toBe(0x0c0c0108);
        expect(body.skip(64).loadAddress().equals(other)).toBe(true);
        expect((await state()).pendingGovernor).toBeNull();
    });

    it('is accepted only when it was offered', async () => {
        const { error } = await bench.run(acceptGovernance, [network, YES], { wallet: 1 });
        expect(error?.message).toContain('not offered to anyone');
    });

    it('changes hands in two steps', async () => {
        const [first, second] = [await bench.wallet(0), await bench.wallet(1)];
        await bench.ok(transferGovernance, [network, second.toString(), YES]);
        expect((await state()).governor.equals(first)).toBe(true);
        expect((await state()).pendingGovernor?.equals(second)).toBe(true);
        const wrong = await bench.run(acceptGovernance, [network, YES]);
        expect(wrong.error?.message).toContain('Only the pending governor may send this');
        await bench.ok(acceptGovernance, [network, YES], { wallet: 1 });
        expect((await state()).governor.equals(second)).toBe(true);
        const { error } = await bench.run(proposeChange, [
            network,
            bench.file('t.json', { timelock: '5m' }),
            YES,
        ]);
        expect(error?.message).toContain('Only the governor may send this');
    });

    it('does not take an address that is none', async () => {
        const { error } = await bench.run(transferGovernance, [network, 'EQnonsense', YES]);
        expect(error?.message).toContain('The new governor EQnonsense is not an address');
    });
});

describe('a pause', () => {
    it('is set and ended by the guardian', async () => {
        const { text } = await bench.ok(pauseNetwork, [network, '12h', YES]);
        expect(text).toContain('Paused until');
        expect((await state()).pausedUntil).toBeGreaterThan(Date.now() / 1_000 + 43_000);
        await bench.ok(unpauseNetwork, [network, YES]);
        expect((await state()).pausedUntil).toBeLessThanOrEqual(Math.ceil(Date.now() / 1_000));
    });

    it('that the contract refuses is reported with its exit code and what to do', async () => {
        const { error, text } = await bench.run(pauseNetwork, [network, '1h', YES]);
        expect(text).toContain('paused less than 30 days ago');
        expect(error?.message).toContain(
            'refused with ERR_PAUSE_COOLDOWN (308): the guardian paused less than',
        );
        expect(error?.message).toContain('showNetwork prints');
    });

    it('has at most seven days', async () => {
        expect((await bench.run(pauseNetwork, [network, '8d', YES])).error?.message).toContain('up to 7d');
    });
});
