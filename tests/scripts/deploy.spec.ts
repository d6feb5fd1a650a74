import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { run as deployProtocol } from '../../scripts/deployProtocol';
import { run as showNetwork } from '../../scripts/showNetwork';
import { localNetwork, ScriptBench } from './harness';

const MAINNET_ZERO_STATE = 'F6OpKZKqvqeFp6CQmFomXNMfMj2EnaUSOXN+Mh+wVWk=';

let bench: ScriptBench;
let network: string;
beforeAll(async () => {
    bench = await ScriptBench.start();
    network = bench.file('local.json', localNetwork());
});
afterAll(() => bench.stop());

const transactionsOf = async (wallet: number) => bench.devnet.transactions(await bench.wallet(wallet)).length;

it('shows addresses, code, costs and terms in a dry run, and sends nothing', async () => {
    const before = await transactionsOf(0);
    const { text, questions } = await bench.ok(deployProtocol, [network, '--dry-run']);
    expect(text).toMatch(/Registry +EQ/);
    for (const name of ['NodeBootstrap', 'Market', 'Job']) {
        expect(text).toMatch(new RegExp(`${name} +0x[0-9a-f]{64} +depth \\d+`));
    }
    expect(text).toMatch(/storage reserve +0\.\d+ TON/);
    expect(text).toMatch(/^ *jobs\.feeBps +500 \(5 %\)$/m);
    expect(text).toMatch(/^ *disputes\.jurorBond +5 TON$/m);
    expect(text).toMatch(/state init \(base64\) +te6cc/);
    expect(text).toContain('Dry run: nothing was sent.');
    expect(questions).toEqual([]);
    expect(await transactionsOf(0)).toBe(before);
});

it('sends nothing when the deployer says no', async () => {
    const before = await transactionsOf(0);
    const { error, questions } = await bench.run(deployProtocol, [network], { answers: [false] });
    expect(error?.message).toContain('Not confirmed');
    expect(questions).toEqual(['Send it to local?']);
    expect(await transactionsOf(0)).toBe(before);
    expect(existsSync(join(bench.directory, 'local.deployed.json'))).toBe(false);
});

describe('a deployed network', () => {
    it('is what the file says, and says where it is', async () => {
        const { text } = await bench.ok(deployProtocol, [network], { answers: [true] });
        expect(text).toContain('✓ Deploy the Registry of local and open it');
        const registry = await bench.registry(network);
        const state = await registry.getNetwork();
        expect(state.governor.equals(await bench.wallet(0))).toBe(true);
        expect(state).toMatchObject({ networkId: -217, timelock: 60, modelCount: 1, releaseVersion: 1 });
        expect((await registry.getTerms()).jobParams).toMatchObject({ feeBps: 500, keeperTip: 50_000_000n });
        expect(bench.read('local.deployed.json')).toMatchObject({
            networkId: -217,
            registry: registry.address.toString(),
            termsHash: `0x${state.termsHash.toString(16).padStart(64, '0')}`,
        });
    });

    it('keeps exactly the storage reserve that was announced', async () => {
        const { text } = await bench.ok(deployProtocol, [network, '--dry-run']);
        const registry = await bench.registry(network);
        const reserve = /storage reserve +([\d.]+) TON/.exec(text)![1]!;
        expect(Number(reserve) * 1e9).toBeCloseTo(Number(bench.devnet.balance(registry.address)), 0);
    });

    it('is left alone by a second deployment', async () => {
        const before = await transactionsOf(0);
        const { text } = await bench.ok(deployProtocol, [network]);
        expect(text).toContain('deployed already, exactly as described');
        expect(await transactionsOf(0)).toBe(before);
    });

    it('is not described by a file with other parameters', async () => {
        const changed = localNetwork();
        changed.terms.jobs.feeBps = 600;
        changed.timelock = '2m';
        const { error } = await bench.run(deployProtocol, [bench.file('local.json', changed), '--yes']);
        bench.file('local.json', localNetwork());
        expect(error?.message).toMatch(/jobs\.feeBps +600 \(6 %\) +500 \(5 %\)/);
        expect(error?.message).toMatch(/timelock +2m +1m/);
        expect(error?.message).toContain('proposeChange');
    });

    it('is not deployed a second time by another wallet', async () => {
        const { error } = await bench.run(deployProtocol, [network, '--yes'], { wallet: 1 });
        expect(error?.message).toContain('local is deployed already, at');
    });

    it('is shown', async () => {
        const { text } = await bench.ok(showNetwork, [network]);
        expect(text).toMatch(/governor +EQ/);
        expect(text).toContain('Model tiny-demo');
        expect(text).toContain('No proposal is pending; 0 so far.');
    });
});

describe('a mismatch', () => {
    const deploy = (name: string, change: (file: ReturnType<typeof localNetwork>) => void) => {
        const file = localNetwork();
        change(file);
        return bench.run(deployProtocol, [bench.file(name, file), '--yes']);
    };

    it('of pinned code is refused', async () => {
        const { error } = await deploy('pinned.json', (file) => {
            file.codes = { Job: `0x${'1'.repeat(64)}` };
        });
        expect(error?.message).toMatch(
            /The code of Job is 0x[0-9a-f]{64}, but codes\.Job in .* says 0x1{64}/,
        );
    });

    it('of the endpoint is refused', async () => {
        const { error } = await deploy('testnet.json', (file) => {
            file.networkId = -3;
            file.timelock = '1d';
            slowDown(file);
        });
        expect(error?.message).toContain('is for testnet, but the endpoint serves private');
    });

    it("of Blueprint's network is refused", async () => {
        const { error } = await bench.run(deployProtocol, [network, '--yes'], { type: 'testnet' });
        expect(error?.message).toContain('private network -217, but Blueprint was told testnet');
    });

    it('of the first governor is refused', async () => {
        const other = await bench.wallet(1);
        const { error } = await deploy('governed.json', (file) => {
            file.governor = other.toString();
        });
        expect(error?.message).toContain('as the first governor; this wallet is');
    });
});

it('tells what an empty wallet lacks, without sending', async () => {
    const file = bench.file('poor.json', localNetwork());
    const { error } = await bench.run(deployProtocol, [file, '--yes'], { wallet: 7 });
    expect(error?.message).toMatch(/The wallet UQ\S+ holds 0 TON; this takes 0\.\d+ TON/);
});

it('names the endpoint when it cannot be reached', async () => {
    const { error } = await bench.run(deployProtocol, [network, '--yes'], {
        endpoint: 'http://127.0.0.1:9/jsonRPC',
    });
    expect(error?.message).toContain('did not say which network it serves');
});

it('explains its arguments', async () => {
    expect((await bench.run(deployProtocol, [])).error?.message).toContain('<network> is missing');
    expect((await bench.run(deployProtocol, [network, '--dryrun'])).error?.message).toContain(
        'Usage: npx blueprint run',
    );
    expect((await bench.run(deployProtocol, [network, 'more'])).error?.message).toContain(
        'one argument too many',
    );
});

describe('on mainnet', () => {
    let proxy: Server;
    let endpoint: string;
    let file: string;
    beforeAll(async () => {
        proxy = mainnetLookalike(bench.url);
        await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
        endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/jsonRPC`;
        const description = localNetwork();
        description.networkId = -239;
        description.salt = 1;
        description.timelock = '3d';
        slowDown(description);
        file = bench.file('production.json', description);
    });
    afterAll(() => proxy.close());

    it('asks for the name of the network, whatever the arguments say', async () => {
        const before = await transactionsOf(0);
        const { error, questions, text } = await bench.run(deployProtocol, [file, '--yes'], {
            type: 'mainnet',
            endpoint,
            answers: ['yes'],
        });
        expect(questions).toEqual(['This is MAINNET. Type production to send']);
        expect(text).toContain('--yes does not count on mainnet.');
        expect(error?.message).toContain('Not confirmed');
        expect(await transactionsOf(0)).toBe(before);
    });

    it('asks also when Blueprint was not told that it is mainnet, and sends when the name is typed', async () => {
        const { questions } = await bench.ok(deployProtocol, [file], { endpoint, answers: ['production'] });
        expect(questions).toHaveLength(1);
        expect((await (await bench.registry(file)).getNetwork()).networkId).toBe(-239);
    });

    it('does not take the file of another network', async () => {
        const { error } = await bench.run(deployProtocol, [network, '--yes'], { endpoint });
        expect(error?.message).toContain('private network -217, but the endpoint serves mainnet');
    });
});

/** Windows as public networks demand them. */
function slowDown({ terms }: ReturnType<typeof localNetwork>): void {
    terms.jobs.minWindow = '1h';
    terms.vaults.releaseDelay = '1h';
    for (const window of ['discloseWindow', 'answerWindow', 'seatWindow', 'revealWindow', 'jurorAge']) {
        terms.disputes[window] = '1h';
    }
    terms.stakes.longestDispute = '7h';
    terms.stakes.unbondingPeriod = '9h';
}

/** The devnet, but its first state is mainnet's. */
function mainnetLookalike(target: string): Server {
    return createServer(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const body = Buffer.concat(chunks).toString();
        const answer = await fetch(target, { method: 'POST', body });
        const json = (await answer.json()) as { result?: { init?: { root_hash: string } } };
        if (json.result?.init) json.result.init.root_hash = MAINNET_ZERO_STATE;
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    });
}
