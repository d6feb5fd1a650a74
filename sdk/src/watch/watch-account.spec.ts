import { Address } from '@ton/core';
import { captureError } from '../../tests/helpers/capture';
import { FakeHistory } from '../../tests/helpers/fake-history';
import { seededRandom } from '../../tests/helpers/random';
import { VirtualClock } from '../../tests/helpers/virtual-clock';
import {
    type CursorStore,
    memoryCursorStore,
    type WatchAccountOptions,
    type WatchedTransaction,
    watchAccount,
} from '.';

const address = new Address(0, Buffer.alloc(32, 1));
let history: FakeHistory;
let cursors: CursorStore;

beforeEach(() => {
    history = new FakeHistory();
    cursors = memoryCursorStore();
});

const watch = (options: Partial<WatchAccountOptions> = {}) =>
    watchAccount({ reader: history.reader, address, cursors, clock: new VirtualClock(), ...options });
const lts = () => history.transactions.map((tx) => tx.lt);

/** Takes `count` items and leaves; the last one stays uncommitted unless it is committed here. */
async function take(count: number, options: Partial<WatchAccountOptions> = {}, commitLast = true) {
    const items: WatchedTransaction[] = [];
    if (count === 0) return [];
    for await (const item of watch(options)) {
        items.push(item);
        if (items.length < count) continue;
        if (commitLast) await item.commit();
        break;
    }
    return items.map((item) => item.tx.lt);
}

describe('watchAccount', () => {
    it.each([1, 2, 7, 100])('yields a burst of 250 in order with pages of %i', async (pageSize) => {
        history.append(250);
        expect(await take(250, { pageSize })).toEqual(lts());
    });

    it('reads a history again that is too long to be kept, and only its pages', async () => {
        history.append(500);
        let reads = 0;
        history.beforeRead = () => reads++;
        expect(await take(500, { pageSize: 5 })).toEqual(lts());
        expect(reads).toBe(100 + 68); // 100 pages back, of which 32 are kept.
    });

    it('goes on after the last committed item when it is started again', async () => {
        history.append(10);
        expect(await take(4)).toEqual(lts().slice(0, 4));
        history.append(3);
        expect(await take(9)).toEqual(lts().slice(4));
    });

    it('delivers an item again when the process ended before it was committed', async () => {
        history.append(5);
        expect(await take(3, {}, false)).toEqual(lts().slice(0, 3));
        expect(await take(3)).toEqual(lts().slice(2));
    });

    it('commits an item when the next one is asked for', async () => {
        history.append(2);
        const watching = watch();
        await watching.next();
        expect(await cursors.get(address.toRawString())).toBeUndefined();
        await watching.next();
        expect(await cursors.get(address.toRawString())).toMatchObject({ lt: lts()[0] });
        await watching.return();
    });

    it('starts after what is there, and does not forget where that was', async () => {
        history.append(5);
        const watching = watch({ start: 'now' });
        const first = watching.next();
        while ((await cursors.get(address.toRawString())) === undefined) await new Promise(setImmediate);
        history.append(1);
        expect((await first).value?.tx.lt).toBe(lts()[5]);
        await watching.return();
        history.append(1);
        expect(await take(2, { start: 'now' })).toEqual(lts().slice(5));
    });

    it('starts now on an account that does not exist yet', async () => {
        const watching = watch({ start: 'now' });
        const first = watching.next();
        await new Promise(setImmediate);
        history.append(2);
        const item = (await first).value!;
        expect([item.tx.lt, item.reborn]).toEqual([lts()[0], false]);
        await watching.return();
    });

    it('ends without an error when it is aborted, also while it sleeps', async () => {
        const controller = new AbortController();
        history.append(1);
        const watching = watch({ signal: controller.signal });
        await watching.next();
        const next = watching.next();
        controller.abort();
        expect((await next).done).toBe(true);
    });

    it('polls in its interval', async () => {
        const clock = new VirtualClock();
        const start = clock.now();
        const polls: number[] = [];
        history.beforeRead = () => {
            polls.push(clock.now() - start);
            if (polls.length === 4) history.append();
        };
        await take(1, { clock, intervalMs: 700 });
        expect(polls).toEqual([0, 700, 1_400, 2_100]);
    });

    it('rides out an endpoint that fails or lags behind', async () => {
        history.append(3);
        await take(3);
        history.append(2);
        const onError = jest.fn();
        let polls = 0;
        history.beforeRead = () => {
            polls++;
            if (polls <= 3) history.fail();
            history.lag = polls < 6 ? 4 : 0;
        };
        expect(await take(2, { onError })).toEqual(lts().slice(3));
        expect(onError).toHaveBeenCalledTimes(3);
    });

    it('stops rather than skip what the endpoint has dropped, and keeps its cursor', async () => {
        history.append(3);
        await take(3);
        history.append(10);
        history.pruned = 8;
        const error = await captureError(() => take(1));
        expect(error).toMatchObject({ code: 'watch_gap', details: { cursorLt: lts()[2] } });
        history.pruned = 0;
        expect(await take(10)).toEqual(lts().slice(3));
    });

    it('does not skip what an endpoint leaves out of a page, or between two', async () => {
        history.append(20);
        let reads = 0;
        history.beforeRead = () => {
            reads++;
            history.omitted = new Set(reads === 1 ? [17] : reads === 2 ? [15] : []);
        };
        expect(await take(20, { pageSize: 5 })).toEqual(lts());
    });

    it('marks the new life of an account that was deleted', async () => {
        history.append(3);
        await take(3);
        history.forget();
        history.append(2);
        const flags: boolean[] = [];
        for await (const item of watch()) {
            flags.push(item.reborn);
            if (flags.length === 2) break;
        }
        expect(flags).toEqual([true, false]);
    });

    it('passes on the failure of its store', async () => {
        history.append(2);
        const broken = { ...cursors, set: () => Promise.reject(new Error('disk full')) };
        await expect(take(2, { cursors: broken })).rejects.toThrow('disk full');
    });

    it('neither misses nor repeats under bursts, appends meanwhile, failures and restarts (40 seeds)', async () => {
        for (let seed = 1; seed <= 40; seed++) {
            await storm(seed);
        }
    });
});

async function storm(seed: number): Promise<void> {
    const random = seededRandom(seed);
    const below = (n: number) => Math.floor(random() * n);
    history = new FakeHistory();
    cursors = memoryCursorStore();
    history.append(below(300));
    history.beforeRead = () => {
        if (random() < 0.2 && history.transactions.length < 900)
            history.append(below(random() < 0.1 ? 180 : 4));
        history.lag = random() < 0.1 ? below(Math.min(5, history.transactions.length)) : 0;
        if (random() < 0.01) history.fail();
    };
    const seen: bigint[] = [];
    for (let run = 0; run < 8; run++) {
        seen.push(...(await take(below(60), { pageSize: 8 + below(40) })));
    }
    const rest = Math.max(0, history.transactions.length - seen.length);
    seen.push(...(await take(rest, { pageSize: 100 })));
    try {
        expect(seen).toEqual(lts().slice(0, seen.length));
    } catch (error) {
        throw new Error(`seed ${seed} fails`, { cause: error });
    }
}
