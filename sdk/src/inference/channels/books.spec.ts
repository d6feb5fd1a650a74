import { type ChannelBook, type ChannelRecord, jsonChannelBook, memoryChannelBook } from '..';

const hex = (digit: string) => digit.repeat(64);
const record: ChannelRecord = {
    id: 'a1',
    vault: `0:${hex('1')}`,
    slot: 3,
    generation: 0n,
    node: hex('2'),
    payee: hex('3'),
    voucherSeed: hex('4'),
    allocated: 10n ** 18n,
    state: 'asked',
    cumulative: 0n,
    sequence: 0n,
};
const vault = {
    vault: record.vault,
    nonce: 2n ** 63n,
    openBefore: 9,
    termsHash: hex('5'),
    deposited: 7n,
    state: 'asked' as const,
};

function texts() {
    const items = new Map<string, string>();
    return {
        items,
        getItem: (key: string) => items.get(key) ?? null,
        setItem: async (key: string, value: string) => {
            items.set(key, value);
        },
        removeItem: (key: string) => {
            items.delete(key);
        },
    };
}

describe.each<[string, () => ChannelBook]>([
    ['memory', () => memoryChannelBook()],
    ['json', () => jsonChannelBook(texts())],
])('%s book', (_, create) => {
    it('keeps vaults in order, and replaces by address', async () => {
        const book = create();
        await book.setVault(vault);
        await book.setVault({ ...vault, vault: `0:${hex('6')}` });
        await book.setVault({ ...vault, state: 'open' });
        expect((await book.vaults()).map(({ state }) => state)).toEqual(['open', 'asked']);
    });

    it('leases a channel once at a time', async () => {
        const book = create();
        const lease = await book.add(record);
        expect(await book.lease('a1')).toBeUndefined();
        await lease.release();
        const taken = await Promise.all([book.lease('a1'), book.lease('a1')]);
        expect(taken.filter(Boolean)).toHaveLength(1);
        expect(await book.lease('unknown')).toBeUndefined();
    });

    it('gives a slot to one channel', async () => {
        const book = create();
        const lease = await book.add(record);
        await expect(book.add({ ...record, id: 'b2' })).rejects.toMatchObject({ code: 'channel_slot_taken' });
        await lease.update({ state: 'retired' });
        expect(await book.list()).toEqual([]);
        await book.add({ ...record, id: 'b2' });
    });

    it('raises marks, in any order, and never lowers them', async () => {
        const book = create();
        const lease = await book.add(record);
        await Promise.all([
            lease.raise({ cumulative: 9n }),
            lease.raise({ cumulative: 5n, sequence: 4n }),
            lease.raise({ sequence: 2n }),
        ]);
        await lease.update({ generation: 8n, state: 'open' });
        expect(lease.record).toEqual({
            ...record,
            cumulative: 9n,
            sequence: 4n,
            generation: 8n,
            state: 'open',
        });
        expect(await book.list()).toEqual([lease.record]);
    });

    it('lets nobody sign with a lease that was given back', async () => {
        const lease = await create().add(record);
        await lease.release();
        await expect(lease.raise({ cumulative: 1n })).rejects.toMatchObject({ code: 'channel_lease_lost' });
        await expect(lease.update({ state: 'open' })).rejects.toMatchObject({ code: 'channel_lease_lost' });
    });

    it('lets one change the vault at a time', async () => {
        const book = create();
        const log: string[] = [];
        const task = (name: string) => async () => {
            log.push(`${name} starts`);
            await Promise.resolve();
            log.push(`${name} ends`);
        };
        await Promise.all([book.exclusively(task('a')), book.exclusively(task('b'))]);
        expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends']);
    });
});

describe('jsonChannelBook', () => {
    it('survives the process, prefixes apart', async () => {
        const shared = texts();
        const lease = await jsonChannelBook(shared, 'x:').add(record);
        await lease.raise({ cumulative: 2n ** 60n });
        const again = jsonChannelBook(shared, 'x:');
        expect(await again.list()).toEqual([{ ...record, cumulative: 2n ** 60n }]);
        expect(await jsonChannelBook(shared, 'y:').list()).toEqual([]);
    });

    it.each([
        '{',
        '{}',
        '5',
        'null',
        JSON.stringify({ ...record, generation: 'x', allocated: '1', cumulative: '1', sequence: '1' }),
    ])('refuses %p without repeating it', async (text) => {
        const shared = texts();
        await jsonChannelBook(shared).add(record);
        shared.items.set('cocoon:inference:channel:a1', text);
        const error = await jsonChannelBook(shared)
            .list()
            .catch((e) => e);
        expect(error).toMatchObject({
            code: 'channel_book_corrupt',
            details: { key: 'cocoon:inference:channel:a1' },
        });
        expect(error.message).not.toContain(hex('4'));
    });
});
