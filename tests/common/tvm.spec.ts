import '@ton/test-utils';
import { createHash } from 'node:crypto';
import { beginCell, Cell, contractAddress, Dictionary, toNano } from '@ton/core';
import type { Blockchain, SandboxContract } from '@ton/sandbox';
import { cellHash } from 'cocoon-wrappers';
import { MockTvm } from '../../build/MockTvm/MockTvm_MockTvm';
import { createBlockchain } from '../helpers/blockchain';
import { snake } from '../helpers/disclosed';
import { ERR } from '../helpers/errors';

const MARKER = 0xc0c00n;

let blockchain: Blockchain;
let tvm: SandboxContract<MockTvm>;

beforeAll(async () => {
    blockchain = await createBlockchain();
    tvm = blockchain.openContract(await MockTvm.fromInit(MARKER));
    const deployer = await blockchain.treasury('deployer');
    const result = await tvm.send(deployer.getSender(), { value: toNano('1') }, null);
    expect(result.transactions).toHaveTransaction({ to: tvm.address, success: true, deploy: true });
});

const content = beginCell().storeUint(0x1234, 24).storeRef(beginCell().storeUint(5, 7).endCell()).endCell();

describe('hashes of builders', () => {
    it.each([content, Cell.EMPTY, beginCell().storeBuffer(Buffer.alloc(127, 7)).endCell()])(
        'are those of the cells they would make',
        async (cell) => {
            expect(await tvm.getBuilderHash(cell)).toBe(cellHash(cell));
        },
    );

    it.each([0, 1, 32, 127])('of %i bytes are SHA-256', async (length) => {
        const bytes = Buffer.alloc(length, 0xa5);
        const digest = createHash('sha256').update(bytes).digest('hex');
        expect(await tvm.getBuilderSha256(beginCell().storeBuffer(bytes).endCell())).toBe(
            BigInt(`0x${digest}`),
        );
    });
});

describe('a cell without its last reference', () => {
    const [first, last] = [beginCell().storeUint(1, 1).endCell(), beginCell().storeUint(2, 2).endCell()];

    it('is all the rest', async () => {
        const two = beginCell().storeUint(0x1234, 24).storeRef(first).storeRef(last).endCell();
        const one = beginCell().storeUint(0x1234, 24).storeRef(first).endCell();
        expect(await tvm.getWithoutLastRef(two)).toEqualCell(one);
        expect(await tvm.getWithoutLastRef(one)).toEqualCell(beginCell().storeUint(0x1234, 24).endCell());
        await expect(tvm.getWithoutLastRef(Cell.EMPTY)).rejects.toMatchObject({ exitCode: 9 });
    });
});

describe('hashes of snakes', () => {
    const PREFIX = beginCell().storeStringTail('prefix').endCell();
    const digest = (bytes: Buffer) => {
        const hash = createHash('sha256').update('prefix').update(bytes).digest('hex');
        return BigInt(`0x${hash}`);
    };

    it.each([0, 1, 126, 127, 128, 254, 255, 4_000, 31_750])('of %i bytes are SHA-256', async (length) => {
        const bytes = Buffer.from(Array.from({ length }, (_, i) => i % 251));
        expect(await tvm.getSnakeSha256(PREFIX, snake(bytes))).toBe(digest(bytes));
    });

    it('cover bits alone, however they are cut, and the first of several references', async () => {
        const tail = beginCell().storeUint(0x5, 4).endCell();
        const cut = beginCell()
            .storeUint(0x61, 8)
            .storeUint(0x6, 4)
            .storeRef(tail)
            .storeRef(PREFIX)
            .endCell();
        expect(await tvm.getSnakeSha256(PREFIX, cut)).toBe(digest(Buffer.from('ae')));
    });

    it('end beyond 250 cells, and at bits that are no bytes', async () => {
        const tooLong = { exitCode: ERR.ERR_TOO_LARGE };
        await expect(tvm.getSnakeSha256(PREFIX, snake(Buffer.alloc(31_751)))).rejects.toMatchObject(tooLong);
        await expect(tvm.getSnakeSha256(PREFIX, snake(Buffer.alloc(60_000)))).rejects.toMatchObject(tooLong);
        const odd = beginCell().storeUint(1, 7).endCell();
        await expect(tvm.getSnakeSha256(PREFIX, odd)).rejects.toThrow();
    });
});

describe('dictionaries by account id', () => {
    const value = (n: number) => beginCell().storeUint(n, 32).endCell();
    const HIGH = 2n ** 256n - 1n;

    function dictionary(entries: [bigint, number][]): Cell | null {
        const made = Dictionary.empty(Dictionary.Keys.BigUint(256), Dictionary.Values.Uint(32));
        for (const [key, n] of entries) made.set(key, n);
        return entries.length === 0 ? null : beginCell().storeDictDirect(made).endCell();
    }

    it('find what is there', async () => {
        const dict = dictionary([
            [0n, 1],
            [7n, 2],
            [HIGH, 3],
        ]);
        for (const [key, n] of [
            [0n, 1],
            [7n, 2],
            [HIGH, 3],
        ] as const) {
            expect(await tvm.getDictGet(dict, key)).toEqualCell(value(n));
        }
        expect(await tvm.getDictGet(dict, 8n)).toBeNull();
        expect(await tvm.getDictGet(null, 7n)).toBeNull();
    });

    it('add where nothing stands, and only there', async () => {
        const first = await tvm.getDictAdd(null, 7n, value(2));
        expect(first.added).toBe(true);
        expect(first.dict).toEqualCell(dictionary([[7n, 2]])!);
        const second = await tvm.getDictAdd(first.dict, 7n, value(3));
        expect(second.added).toBe(false);
        expect(second.dict).toEqualCell(first.dict!);
    });

    it('remove and return in one walk', async () => {
        const dict = dictionary([
            [7n, 2],
            [HIGH, 3],
        ]);
        const first = await tvm.getDictTake(dict, 7n);
        expect(first.value).toEqualCell(value(2));
        expect(first.dict).toEqualCell(dictionary([[HIGH, 3]])!);
        const last = await tvm.getDictTake(first.dict, HIGH);
        expect(last.dict).toBeNull();
        const none = await tvm.getDictTake(dict, 8n);
        expect(none.value).toBeNull();
        expect(none.dict).toEqualCell(dict!);
    });
});

describe('dictionaries by slot', () => {
    const value = (n: number) => beginCell().storeUint(n, 32).endCell();
    const LAST = 127n;

    function dictionary(...entries: [bigint, number][]): Cell {
        const made = Dictionary.empty(Dictionary.Keys.Uint(8), Dictionary.Values.Uint(32));
        for (const [slot, n] of entries) made.set(Number(slot), n);
        return beginCell().storeDictDirect(made).endCell();
    }

    const two = dictionary([0n, 1], [LAST, 2]);
    const unknown = { exitCode: ERR.ERR_ALLOCATION_UNKNOWN };

    it('find what is there, and throw where nothing is', async () => {
        expect(await tvm.getSlotAt(two, 0n)).toEqualCell(value(1));
        expect(await tvm.getSlotAt(two, LAST)).toEqualCell(value(2));
        await expect(tvm.getSlotAt(two, 1n)).rejects.toMatchObject(unknown);
        await expect(tvm.getSlotAt(two, -1n)).rejects.toMatchObject(unknown);
        await expect(tvm.getSlotAt(null, 0n)).rejects.toMatchObject(unknown);
    });

    it('of offers find what is there, or nothing', async () => {
        expect(await tvm.getOfferAt(two, LAST)).toEqualCell(value(2));
        expect(await tvm.getOfferAt(two, 1n)).toBeNull();
        expect(await tvm.getOfferAt(null, 0n)).toBeNull();
    });

    it('are written, over what stands there', async () => {
        expect(await tvm.getSlotSet(null, 7n, value(3))).toEqualCell(dictionary([7n, 3]));
        expect(await tvm.getSlotSet(two, LAST, value(3))).toEqualCell(dictionary([0n, 1], [LAST, 3]));
    });

    it('add where nothing stands, and only there', async () => {
        const first = await tvm.getSlotAdd(null, 7n, value(3));
        expect(first.added).toBe(true);
        expect(first.dict).toEqualCell(dictionary([7n, 3]));
        const second = await tvm.getSlotAdd(two, LAST, value(3));
        expect(second.added).toBe(false);
        expect(second.dict).toEqualCell(two);
    });

    it('remove and return in one walk, and throw where nothing is', async () => {
        const first = await tvm.getSlotTake(two, 0n);
        expect(first.value).toEqualCell(value(1));
        expect(first.dict).toEqualCell(dictionary([LAST, 2]));
        const last = await tvm.getSlotTake(first.dict, LAST);
        expect(last.value).toEqualCell(value(2));
        expect(last.dict).toBeNull();
        await expect(tvm.getSlotTake(first.dict, 0n)).rejects.toMatchObject(unknown);
        await expect(tvm.getSlotTake(null, 0n)).rejects.toMatchObject(unknown);
    });
});

describe('messages', () => {
    it('that pay begin without a bounce, with an address of the basechain', async () => {
        const head = beginCell().storeUint(0x10, 6).storeUint(0x400, 11).endCell();
        expect(await tvm.getPayoutHead()).toEqualCell(head);
    });

    it('say what they brought, and an answer that begins so arrives', async () => {
        const sender = await blockchain.treasury('sender');
        for (const value of [toNano('0.1'), toNano('7') + 1n]) {
            const question = { to: tvm.address, value, body: beginCell().storeUint(1, 32).endCell() };
            const { transactions } = await sender.send(question);
            expect(transactions).toHaveTransaction({
                from: tvm.address,
                to: sender.address,
                success: true,
                body: beginCell().storeUint(value, 128).endCell(),
            });
        }
    });
});

describe('sizes', () => {
    it('are measured while they are within the bound', async () => {
        const size = await tvm.getMeasured(content, 2n);
        expect(size).toMatchObject({ cells: 2n, bits: 31n, refs: 1n, complete: true });
        expect(await tvm.getFits(content, 2n)).toBe(true);
        expect(await tvm.getFits(content, 1n)).toBe(false);
    });

    it('beyond the bound have a name', async () => {
        expect(await tvm.getSizeChecked(content, 2n)).toBe(true);
        await expect(tvm.getSizeChecked(content, 1n)).rejects.toMatchObject({ exitCode: ERR.ERR_TOO_LARGE });
    });
});

describe('raw cells', () => {
    it('are read as they are, also a library that is nowhere', async () => {
        expect(await tvm.getRawBits(content)).toBe(24n);
        const library = beginCell().storeUint(2, 8).storeUint(1, 256).endCell({ exotic: true });
        expect(await tvm.getRawBits(library)).toBe(264n);
    });

    it('persistent data is the data of the account', async () => {
        const { accountState } = await blockchain.getContract(tvm.address);
        if (accountState?.type !== 'active') throw new Error('The mock is not deployed.');
        expect(await tvm.getPersistent()).toEqualCell(accountState.state.data!);
    });
});

describe('a migrator', () => {
    const code = (hex: string) => beginCell().storeBuffer(Buffer.from(hex, 'hex')).endCell();
    const data = beginCell().storeUint(99, 32).endCell();
    const own = beginCell().storeUint(MARKER, 32).endCell();

    it.each([
        ['answers its argument', '30', data],
        ['throws', 'f22a', null],
        ['throws with the stack full', '70707070f22a', null],
        ['takes more than there is', '30303030', null],
    ])('that %s leaves the caller as it was', async (_, hex, expected) => {
        const { data: migrated, after } = await tvm.getRunMigrator(data, code(hex));
        if (expected === null) expect(migrated).toBeNull();
        else expect(migrated).toEqualCell(expected);
        expect(after).toEqualCell(own);
        expect(await tvm.getMarker()).toBe(MARKER);
    });

    it('is called with method id 0x10001 above the data', async () => {
        // NEWC, 32 STU (the id), SWAP, DROP, ENDC
        const { data: migrated } = await tvm.getRunMigrator(data, code('c8cb1f0130c9'));
        expect(migrated).toEqualCell(beginCell().storeUint(0x10001, 32).endCell());
    });
});

it('has an address of its own per marker, so that the mock is what is tested', async () => {
    const other = await MockTvm.fromInit(1n);
    expect(contractAddress(0, other.init!).equals(tvm.address)).toBe(false);
});
