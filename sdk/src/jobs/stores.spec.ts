import { type JobRecord, jsonJobStore, memoryJobStore } from '.';

const record = { version: 1, nonce: '7', contentKey: 'ab' } as unknown as JobRecord;

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

describe.each([
    ['memory', () => memoryJobStore()],
    ['json', () => jsonJobStore(texts())],
])('%s job store', (_, create) => {
    it('keeps, lists and forgets records', async () => {
        const store = create();
        expect(await store.get('0:a')).toBeUndefined();
        await Promise.all([store.set('0:a', record), store.set('0:b', { ...record, nonce: '8' })]);
        expect(await store.get('0:a')).toEqual(record);
        expect((await store.list()).sort()).toEqual(['0:a', '0:b']);
        await store.delete('0:a');
        expect(await store.get('0:a')).toBeUndefined();
        expect(await store.list()).toEqual(['0:b']);
    });
});

describe('jsonJobStore', () => {
    it('survives the process: another store over the same texts has the records', async () => {
        const shared = texts();
        await jsonJobStore(shared, 'x:').set('0:a', record);
        expect(await jsonJobStore(shared, 'x:').list()).toEqual(['0:a']);
        expect(await jsonJobStore(shared, 'y:').list()).toEqual([]);
        expect([...shared.items.keys()].sort()).toEqual(['x:0:a', 'x:index']);
    });

    it('has the record before it is listed, and is not silent about a store that fails', async () => {
        const failing = { ...texts(), setItem: () => Promise.reject(new Error('disk full')) };
        await expect(jsonJobStore(failing).set('0:a', record)).rejects.toThrow('disk full');
    });
});
