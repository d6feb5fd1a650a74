import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDevnet, networkConfig, PRICES_2024 } from 'cocoon-devnet';
import { closeAll, plainAddress, START_MS, startNet, TON, testWallet, transfer } from './helpers';

const wallet = testWallet(1);
const receiver = plainAddress(0xee);
let folder: string;
let persist: string;

beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'devnet-journal-'));
    persist = join(folder, 'chain.journal');
});
afterEach(async () => {
    await closeAll();
    rmSync(folder, { recursive: true });
});

const clock = () => START_MS;
const reopen = () => createDevnet({ persist, clock, blockMs: 'manual' });

/** A network with some history and a message still under way, closed. */
async function makeHistory() {
    const { devnet, client } = await startNet({ persist, blockMs: 'manual', hop: [2, 2] });
    await devnet.fund(wallet.address, 10n * TON);
    await devnet.mine();
    await transfer(client, wallet, 0, [{ to: receiver, value: TON }]);
    await devnet.mine(4);
    await transfer(client, wallet, 1, [{ to: receiver, value: 2n * TON }]);
    devnet.increaseTime(1_000);
    await devnet.mine();
    const seen = {
        supply: await devnet.supply(),
        stats: devnet.stats(),
        hashes: devnet.transactions(wallet.address).map((tx) => tx.hash().toString('hex')),
        now: devnet.now(),
    };
    await devnet.close();
    return seen;
}

it('goes on where it was: balances, history, messages under way, clock', async () => {
    const before = await makeHistory();
    expect(before.stats.pending).toBe(1);
    const devnet = await reopen();
    expect(await devnet.supply()).toEqual(before.supply);
    expect(devnet.stats()).toEqual(before.stats);
    expect(devnet.transactions(wallet.address).map((tx) => tx.hash().toString('hex'))).toEqual(before.hashes);
    expect(devnet.now()).toBe(before.now);
    await devnet.mine(2);
    expect(devnet.transactions(receiver)).toHaveLength(2);
    const hashes = devnet.transactions(receiver).map((tx) => tx.hash().toString('hex'));
    await devnet.close();
    const again = await reopen();
    expect(again.transactions(receiver).map((tx) => tx.hash().toString('hex'))).toEqual(hashes);
    expect((await again.supply()).conserved).toBe(true);
    await again.close();
});

it('drops a line cut short by a kill and appends after it cleanly', async () => {
    const before = await makeHistory();
    appendFileSync(persist, 'deadbeef {"kind":"block","n":7,"t":17');
    const devnet = await reopen();
    expect(await devnet.supply()).toEqual(before.supply);
    await devnet.mine();
    const { blocks } = devnet.stats();
    await devnet.close();
    const again = await reopen();
    expect(again.stats().blocks).toBe(blocks);
    await again.close();
});

it('loses at most the last block wherever the file is cut', async () => {
    await makeHistory();
    const whole = readFileSync(persist);
    const lines = whole.toString('utf8').split('\n').length - 1;
    for (const cut of [0, 10, Math.floor(whole.length / 2), whole.length - 1]) {
        writeFileSync(persist, whole.subarray(0, cut));
        const complete = whole.subarray(0, cut).toString('utf8').split('\n').length - 1;
        const devnet = await reopen();
        // The header and the configuration account are not blocks; an empty file gets a new first block.
        expect(devnet.stats().blocks).toBe(Math.max(complete - 2, 1));
        expect((await devnet.supply()).conserved).toBe(true);
        await devnet.close();
    }
    expect(lines).toBe(9);
});

it('names the damaged line and the way out', async () => {
    await makeHistory();
    const lines = readFileSync(persist, 'utf8').split('\n');
    lines[4] = lines[4]!.replace('"t":1', '"t":2');
    writeFileSync(persist, lines.join('\n'));
    await expect(reopen()).rejects.toMatchObject({
        code: 'JOURNAL_CORRUPT',
        message: expect.stringMatching(/damaged at line 5: its checksum does not match.*head -n 4/),
    });
});

it('notices a missing line', async () => {
    await makeHistory();
    const lines = readFileSync(persist, 'utf8').split('\n');
    lines.splice(4, 1);
    writeFileSync(persist, lines.join('\n'));
    await expect(reopen()).rejects.toMatchObject({
        code: 'JOURNAL_CORRUPT',
        message: expect.stringContaining('line 5: block 4 follows block 2'),
    });
});

it("never overwrites somebody else's file", async () => {
    for (const text of ['my diary', 'my diary\nsecond page\n']) {
        writeFileSync(persist, text);
        await expect(reopen()).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' });
        expect(readFileSync(persist, 'utf8')).toBe(text);
    }
});

it('refuses to go on under other prices, in a missing folder, or beside a running network', async () => {
    const { devnet } = await startNet({ persist });
    await expect(reopen()).rejects.toMatchObject({
        code: 'JOURNAL_LOCKED',
        message: expect.stringContaining(`process ${process.pid}`),
    });
    await devnet.close();
    const config = networkConfig(PRICES_2024);
    await expect(createDevnet({ persist, config })).rejects.toMatchObject({ code: 'JOURNAL_MISMATCH' });
    await expect(createDevnet({ persist: join(folder, 'no', 'such') })).rejects.toMatchObject({
        code: 'JOURNAL_IO',
    });
});

it('takes over the lock of a process that was killed', async () => {
    writeFileSync(`${persist}.lock`, '999999999');
    const devnet = await reopen();
    expect(devnet.stats().blocks).toBe(1);
    await devnet.close();
});

it('remembers a revert', async () => {
    const { devnet } = await startNet({ persist, blockMs: 'manual' });
    const snapshot = await devnet.snapshot();
    for (const amount of [1n, 2n, 3n]) {
        await devnet.fund(receiver, amount * TON);
        await devnet.mine();
        await devnet.revert(snapshot);
    }
    await devnet.fund(receiver, 4n * TON);
    await devnet.mine();
    const supply = await devnet.supply();
    await devnet.close();
    const again = await reopen();
    expect(again.balance(receiver)).toBe(4n * TON);
    expect(again.transactions(receiver)).toHaveLength(1);
    expect(await again.supply()).toEqual(supply);
    await again.close();
});
