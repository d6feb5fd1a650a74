import { captureError } from '../../../tests/helpers/capture';
import { ask, MODEL, nodeEntry, setup, textOf } from '../../../tests/helpers/inference/setup';
import { VirtualClock } from '../../../tests/helpers/virtual-clock';
import { CocoonError } from '../../errors';
import { SessionRefusedError, SessionUnreachableError } from '../../session';
import { memoryChannelBook } from '../channels/memory-book';

const TON = 1_000_000_000n;
const accounts = [1, 2, 3].map((number) => nodeEntry(number).account);
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Lets what runs in the background come to rest. */
async function rest({ funder }: { funder: { idle(): Promise<void> } }): Promise<void> {
    await turn();
    await funder.idle();
    await turn();
}

describe('the first request', () => {
    it('opens a vault with allocations to several nodes in one message', async () => {
        const { inference, chain, events } = setup();
        await textOf(await inference.run(ask()));
        expect(chain.messages).toEqual(['open']);
        expect(
            chain
                .allocations()
                .map(({ node }) => node)
                .sort(),
        ).toEqual(accounts);
        expect(events.filter(({ type }) => type === 'allocated')).toHaveLength(3);
        const funds = await inference.funds();
        expect(funds).toMatchObject({ allocated: 3n * (TON / 5n), promised: 1_000n });
    });

    it('waits for all of them, however long the book takes to look for a channel with each', async () => {
        const clock = new VirtualClock();
        const book = memoryChannelBook();
        const { list } = book;
        let lists = 0;
        book.list = () => clock.sleep(1 + lists++).then(() => list.call(book));
        const { inference, parts, chain } = setup({ book, clock });
        const { time } = chain;
        chain.time = () => clock.sleep(10).then(() => time.call(chain));
        await inference.prepare([MODEL]);
        await parts.funder.idle();
        expect(chain.messages).toEqual(['open']);
        expect(chain.allocations()).toHaveLength(3);
    });

    it('shares allocations with all that come meanwhile', async () => {
        const { inference, chain, sessions } = setup();
        const answers = await Promise.all(
            Array.from({ length: 50 }, (_, i) => inference.run(ask(`question ${i}`))),
        );
        await Promise.all(answers.map(textOf));
        expect(chain.messages).toEqual(['open']);
        expect(new Set(chain.allocations().map(({ voucherKey }) => voucherKey)).size).toBe(3);
        // One promise after the other, each higher: never two for one amount.
        for (const promises of sessions.promises.values()) {
            expect(promises).toEqual([...new Set(promises)].sort((a, b) => Number(a - b)));
        }
    });

    it('can be made ready for', async () => {
        const { inference, chain, sessions } = setup();
        await inference.prepare([MODEL]);
        expect(chain.messages).toEqual(['open']);
        await textOf(await inference.run(ask()));
        expect(chain.messages).toHaveLength(1);
        expect(sessions.asked).toHaveLength(1);
    });
});

describe('more money', () => {
    const funding = { allocation: TON / 10n, deposit: TON, maxPerNode: TON, initialNodes: 1 };

    it('is allocated ahead of need, behind the requests', async () => {
        const { inference, parts, chain, sessions } = setup({ nodes: [nodeEntry(1)], funding });
        sessions.scripts.set(accounts[0] as string, [{ price: TON / 25n }]);
        for (let i = 0; i < 12; i++) {
            await textOf(await inference.run(ask()));
            await rest(parts);
        }
        const [allocation] = chain.allocations();
        expect(allocation?.allocated).toBeGreaterThan((12n * TON) / 25n);
        // Steps double, so that the messages become fewer.
        expect(chain.messages.length).toBeLessThan(6);
        expect(sessions.asked).toHaveLength(12);
    });

    it('is never deposited beyond the limit: the vault is empty then', async () => {
        const { inference, parts, chain, sessions } = setup({
            nodes: [nodeEntry(1)],
            funding: { ...funding, deposit: TON / 5n, maxDeposit: TON / 2n },
        });
        sessions.scripts.set(accounts[0] as string, [{ price: TON / 25n }]);
        const spend = async () => {
            for (let i = 0; i < 30; i++) {
                await textOf(await inference.run(ask()));
                await rest(parts);
            }
        };
        expect(await captureError(spend)).toMatchObject({ code: 'vault_empty' });
        expect(chain.deposited).toBe(TON / 2n);
        // What was deposited was of use, but for the storage of the allocation and what is too little for one more answer.
        expect([...sessions.promises.values()][0]?.at(-1)).toBeGreaterThan((TON * 2n) / 5n);
    });

    it('that cannot be had ahead of need is not asked for with every request', async () => {
        const { inference, parts, chain, sessions, events, clock } = setup({
            nodes: [nodeEntry(1)],
            funding,
        });
        await textOf(await inference.run(ask()));
        sessions.scripts.set(accounts[0] as string, [{ price: TON / 18n }, { price: 0n }]);
        chain.reachable = false;
        for (let i = 0; i < 10; i++) {
            await textOf(await inference.run(ask()));
            await rest(parts);
        }
        const failures = () =>
            events.filter((event) => event.type === 'background_failed' && event.task === 'funding');
        expect(failures()).toEqual([{ type: 'background_failed', task: 'funding', code: 'funding_failed' }]);
        chain.reachable = true;
        await clock.sleep(10_000);
        await textOf(await inference.run(ask()));
        await rest(parts);
        expect(chain.messages).toEqual(['open', 'change']);
    });

    it('is refused where a request needs more than one node may have', async () => {
        const { inference } = setup({
            nodes: [nodeEntry(1, { promptPrice: TON })],
            funding: { ...funding, maxPerNode: 1_000n },
        });
        expect(await captureError(() => inference.run(ask()))).toMatchObject({ code: 'vault_empty' });
    });

    it('is not asked for while the network is paused', async () => {
        const { inference, chain } = setup({ funding });
        chain.pausedUntil = chain.now + 100;
        expect(await captureError(() => inference.run(ask()))).toMatchObject({ code: 'network_paused' });
        expect(chain.messages).toEqual([]);
        chain.now += 101;
        await textOf(await inference.run(ask()));
    });

    it('names an empty wallet', async () => {
        const { inference, chain } = setup({ funding });
        chain.onStep = (step) => {
            if (step === 'open signed')
                throw new CocoonError('wallet_unfunded', 'empty', { remedy: 'Send TON.' });
        };
        expect(await captureError(() => inference.run(ask()))).toMatchObject({
            code: 'vault_empty',
            remedy: 'Send TON.',
        });
        chain.onStep = () => undefined;
        await textOf(await inference.run(ask()));
        expect(chain.vaults.size).toBe(1);
    });

    it('that may still come after an unknown outcome is found, not sent again', async () => {
        const { inference, chain, book } = setup({ funding });
        chain.onStep = (step) => {
            if (step === 'open executed') {
                chain.reachable = false;
                throw new CocoonError('trace_timeout', 'late');
            }
        };
        expect(await captureError(() => inference.run(ask()))).toMatchObject({ code: 'funding_failed' });
        expect((await book.list()).map(({ state }) => state)).toEqual(['asked']);
        chain.onStep = () => undefined;
        chain.reachable = true;
        await textOf(await inference.run(ask()));
        expect(chain.vaults.size).toBe(1);
        expect((await book.list()).every(({ state }) => state === 'open')).toBe(true);
    });
});

describe('when the chain cannot be reached', () => {
    it('open channels go on; a new allocation is an error that passes', async () => {
        const { inference, chain, sessions, directory } = setup({ nodes: [nodeEntry(1)] });
        await textOf(await inference.run(ask()));
        chain.reachable = false;
        await textOf(await inference.run(ask()));
        directory.state = { ...directory.state, nodes: [nodeEntry(2)] };
        const world = setup({ chain, sessions, nodes: [nodeEntry(2)] });
        const error = await captureError(() => world.inference.run(ask()));
        expect(error).toMatchObject({ code: 'funding_failed' });
        expect(error.cause).toMatchObject({ code: 'rpc_unreachable' });
        chain.reachable = true;
        await textOf(await world.inference.run(ask()));
    });
});

describe('release', () => {
    it('of a node on its own leads to a new allocation', async () => {
        const { inference, chain, sessions, book } = setup({ nodes: [nodeEntry(1)] });
        await textOf(await inference.run(ask()));
        const [vault] = [...chain.vaults.keys()];
        const [first] = chain.allocations();
        chain.release(vault as string, 0, 1_000n);
        sessions.scripts.set(accounts[0] as string, [
            { refuse: new SessionRefusedError('allocation_released', 410, 'allocate') },
            {},
        ]);
        await textOf(await inference.run(ask()));
        const [second] = chain.allocations();
        expect(second?.voucherKey).not.toBe(first?.voucherKey);
        expect(await book.list()).toMatchObject([{ generation: second?.generation, state: 'open' }]);
    });

    it('with the nodes’ help brings everything back at once', async () => {
        const { inference, chain, sessions, book } = setup();
        await textOf(await inference.run(ask()));
        sessions.onRelease = ({ record }) => chain.release(record.vault, record.slot, record.cumulative);
        const result = await inference.settle({ withdraw: true });
        expect(result).toMatchObject({ released: 3, pending: 0 });
        expect(chain.allocations()).toEqual([]);
        expect(result.withdrawn).toBeGreaterThan(TON);
        expect(chain.messages).toEqual(['open', 'withdraw']);
        expect(await book.list()).toEqual([]);
    });

    it('without it waits for the delay, and nothing is signed meanwhile', async () => {
        const { inference, chain, sessions } = setup({ nodes: [nodeEntry(1)] });
        await textOf(await inference.run(ask()));
        sessions.onRelease = () => {
            throw new SessionUnreachableError('gone');
        };
        expect(await inference.settle()).toEqual({ released: 0, pending: 1, withdrawn: 0n });
        expect(chain.messages).toEqual(['open', 'requestRelease']);
        expect(await inference.settle()).toMatchObject({ pending: 1 });
        expect(chain.messages).toHaveLength(2);
        chain.now += chain.releaseDelay;
        expect(await inference.settle({ withdraw: true })).toMatchObject({ released: 1, pending: 0 });
        expect(chain.messages).toEqual(['open', 'requestRelease', 'finishRelease', 'withdraw']);
    });

    it('takes a new allocation for requests that come while an old one is released', async () => {
        const { inference, chain, sessions } = setup({ nodes: [nodeEntry(1)] });
        await textOf(await inference.run(ask()));
        sessions.onRelease = () => {
            throw new SessionUnreachableError('gone');
        };
        await inference.settle();
        await textOf(await inference.run(ask()));
        expect(chain.allocations().map(({ releaseAt }) => releaseAt !== 0)).toEqual([true, false]);
        expect([...sessions.promises.values()].map((promises) => promises.length)).toEqual([1, 1]);
    });
});
