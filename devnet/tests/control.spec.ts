import { currentNetworkConfig, DevnetControl, DevnetError } from 'cocoon-devnet';
import { closeAll, errorOf, plainAddress, START_MS, startNet, TON, testWallet, transfer } from './helpers';

const receiver = plainAddress(0xee);
const wallet = testWallet(1);

afterEach(closeAll);

it('goes back to a snapshot, more than once, and replays identically', async () => {
    const { devnet, client, control } = await startNet({ order: 'shuffle', hop: [0, 3], seed: 9 });
    await devnet.fund(wallet.address, 10n * TON);
    await devnet.settle();
    const before = await devnet.supply();
    const snapshot = await control.snapshot();
    const histories: string[] = [];
    for (let round = 0; round < 2; round++) {
        await transfer(client, wallet, 0, [
            { to: receiver, value: TON, body: 'a' },
            { to: plainAddress(0xaa), value: TON, body: 'b' },
        ]);
        await devnet.settle();
        const [sent] = await client.getTransactions(wallet.address, { limit: 1 });
        histories.push(sent!.hash().toString('hex'));
        const message = sent!.outMessages.get(0)!;
        const createdLt = message.info.type === 'internal' ? String(message.info.createdLt) : '';
        await client.tryLocateResultTx(wallet.address, receiver, createdLt);
        await control.revert(snapshot);
        expect(await client.getBalance(receiver)).toBe(0n);
        expect(await client.open(wallet.contract).getSeqno()).toBe(0);
        expect(await devnet.supply()).toEqual(before);
        const gone = await client.tryLocateResultTx(wallet.address, receiver, createdLt).catch(errorOf);
        expect(gone).toBe('message not found');
    }
    expect(histories[0]).toBe(histories[1]);
});

it('forgets snapshots taken after the one it goes back to, and names those there are', async () => {
    const { control } = await startNet();
    const first = await control.snapshot();
    const second = await control.snapshot();
    await control.revert(first);
    await expect(control.revert(second)).rejects.toThrow(
        `There is no snapshot ${second}. Snapshots that can be reverted to: ${first}.`,
    );
});

it('moves time forward for blocks, never backward', async () => {
    const { devnet, control } = await startNet();
    expect(await control.time()).toBe(START_MS / 1000);
    expect(await control.increaseTime(86_400)).toBe(START_MS / 1000 + 86_400);
    await control.fund(receiver.toString(), TON);
    expect(devnet.transactions(receiver)[0]!.now).toBe(START_MS / 1000 + 86_400);
    await expect(control.increaseTime(-1)).rejects.toThrow('seconds');
});

it('keeps time from running backward when the wall clock does', async () => {
    let wall = START_MS;
    const { devnet } = await startNet({ clock: () => wall });
    await devnet.fund(receiver, TON);
    wall -= 60_000;
    expect(devnet.now()).toBe(START_MS / 1000);
});

it('does over HTTP what it does in process', async () => {
    const { control, devnet } = await startNet({ blockMs: 'manual' });
    expect(await control.mine(3)).toBe(devnet.stats().blocks);
    expect(await control.shuffle(7)).toMatchObject({ order: 'shuffle' });
    expect(await control.hop(1, 2)).toMatchObject({ hop: [1, 2], order: 'shuffle' });
    await control.fund(receiver.toString(), 5n * TON);
    expect(await control.supply()).toEqual(await devnet.supply());
    expect(await control.supply()).toMatchObject({ funded: 5n * TON, inFlight: 5n * TON, conserved: true });
    await control.settle();
    expect(await control.stats()).toMatchObject({ pending: 0, transactions: 1 });
});

it('says what is wrong with an option', async () => {
    const { control } = await startNet();
    await expect(control.setPolicy({ hop: [3, 1] })).rejects.toThrow('hop');
    await expect(control.setPolicy({ dropExternal: 2 })).rejects.toThrow('probability');
    await expect(startNet({ blockMs: -5 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(startNet({ seed: 1.5 })).rejects.toBeInstanceOf(DevnetError);
});

it('says how to start a devnet when there is none', async () => {
    const { devnet, url } = await startNet({ config: currentNetworkConfig() });
    await devnet.close();
    await expect(new DevnetControl(url).time()).rejects.toThrow('npx cocoon-devnet');
    await expect(devnet.fund(receiver, TON)).rejects.toMatchObject({ code: 'CHAIN_STOPPED' });
});
