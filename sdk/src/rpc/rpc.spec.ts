import { Address, beginCell, Cell, type TupleItem } from '@ton/core';
import { WalletContractV4 } from '@ton/ton';
import { captureError } from '../../tests/helpers/capture';
import { type RpcHandler, TestRpcServer } from '../../tests/helpers/rpc-server';
import { VirtualClock } from '../../tests/helpers/virtual-clock';
import { createRpc, type MessageRejectedError, type Rpc } from '.';

const address = new Address(0, Buffer.alloc(32, 1));
const bytes = beginCell().storeUint(5, 8).endCell().toBoc().toString('base64');
const cell = Cell.fromBase64(bytes);
const same = (a: Cell | null) => expect(a?.equals(cell)).toBe(true);
let server: TestRpcServer;
let rpc: Rpc;

beforeAll(async () => {
    server = await TestRpcServer.start();
    rpc = createRpc({ endpoints: [server.url], clock: new VirtualClock(), retries: 2 });
});
afterAll(() => server.stop());
beforeEach(() => server.requests.splice(0));

const answer = (result: unknown) => {
    server.handler = () => ({ ok: true, result });
};
const refuse =
    (error: string, code = 500): RpcHandler =>
    () => ({ ok: false, error, code });

describe('getAccount', () => {
    const account = {
        balance: '1000000000000000000',
        state: 'active',
        code: bytes,
        data: '',
        last_transaction_id: { lt: '77', hash: Buffer.alloc(32, 9).toString('base64') },
        sync_utime: 1_700_000_000,
    };

    it('reads state, balance and last transaction', async () => {
        answer(account);
        const read = await rpc.getAccount(address);
        same(read.code);
        expect({ ...read, code: null }).toEqual({
            balance: 10n ** 18n,
            state: 'active',
            code: null,
            data: null,
            lastTransaction: { lt: 77n, hash: new Uint8Array(32).fill(9) },
            syncTime: 1_700_000_000,
        });
    });

    it('reads an account that never was', async () => {
        answer({
            ...account,
            balance: 0,
            state: 'uninitialized',
            code: '',
            last_transaction_id: { lt: '0', hash: '' },
        });
        expect(await rpc.getAccount(address)).toMatchObject({
            balance: 0n,
            state: 'uninit',
            lastTransaction: null,
        });
    });

    it.each([
        { state: 'odd' },
        { balance: 'x' },
        { sync_utime: null },
        { code: 'AAAA' },
        { last_transaction_id: null },
    ])('refuses %j', async (change) => {
        answer({ ...account, ...change });
        expect((await captureError(() => rpc.getAccount(address))).code).toBe('rpc_response');
    });
});

describe('runGetMethod', () => {
    it('sends numbers, cells and slices, and reads all kinds back', async () => {
        const element = (kind: string, value: object) => ({ '@type': `tvm.stackEntry${kind}`, ...value });
        answer({
            exit_code: 0,
            gas_used: 321,
            stack: [
                ['num', '-0x1f'],
                ['cell', { bytes }],
                ['null', null],
                [
                    'tuple',
                    {
                        elements: [
                            element('Number', { number: { number: '12' } }),
                            element('Cell', { cell: { bytes } }),
                        ],
                    },
                ],
                [
                    'list',
                    {
                        elements: [
                            element('Tuple', {
                                tuple: { elements: [element('Slice', { slice: { bytes } })] },
                            }),
                        ],
                    },
                ],
                ['list', { elements: [] }],
            ],
        });
        const stack: TupleItem[] = [
            { type: 'int', value: -5n },
            { type: 'cell', cell },
            { type: 'slice', cell },
        ];
        const result = await rpc.runGetMethod(address, 'get', stack);
        expect(server.requests[0]!.params.stack).toEqual([
            ['num', '-5'],
            ['tvm.Cell', bytes],
            ['tvm.Slice', bytes],
        ]);
        expect(result.gasUsed).toBe(321n);
        expect(result.stack.readNumber()).toBe(-31);
        same(result.stack.readCell());
        expect(result.stack.readNumberOpt()).toBeNull();
        const tuple = result.stack.readTuple();
        expect(tuple.readNumber()).toBe(12);
        same(tuple.readCell());
        same(result.stack.readTuple().readTuple().readCell());
        expect(result.stack.readTupleOpt()).toBeNull();
    });

    it('tells the exit code of a method that failed', async () => {
        answer({ exit_code: 11, gas_used: 1, stack: [] });
        const error = await captureError(() => rpc.runGetMethod(address, 'nope'));
        expect(error).toMatchObject({ code: 'get_method_failed', exitCode: 11, details: { method: 'nope' } });
        answer({ exit_code: -13, gas_used: 0, stack: [] });
        expect((await captureError(() => rpc.runGetMethod(address, 'x'))).message).toContain('no code');
    });

    it.each([null, [['odd', 1]], [['num', 'five']], [['cell', { bytes: '!' }]], [['tuple', {}]], [5]])(
        'refuses the stack %j',
        async (stack) => {
            answer({ exit_code: 0, gas_used: 1, stack });
            expect((await captureError(() => rpc.runGetMethod(address, 'x'))).code).toBe('rpc_response');
        },
    );

    it('refuses arguments that the API does not take', async () => {
        const bad = () => rpc.runGetMethod(address, 'x', [{ type: 'null' }]);
        expect((await captureError(bad)).code).toBe('invalid_argument');
    });
});

describe('sendBoc', () => {
    const boc = new Uint8Array(cell.toBoc());

    it('sends the message as it is', async () => {
        answer({ '@type': 'ok' });
        await rpc.sendBoc(boc);
        expect(server.requests[0]!.params).toEqual({ boc: bytes });
    });

    it('takes a duplicate for success', async () => {
        server.handler = refuse('duplicate message');
        await expect(rpc.sendBoc(boc)).resolves.toBeUndefined();
    });

    it('does not repeat a message that was rejected', async () => {
        server.handler = refuse('LITE_SERVER_UNKNOWN: cannot apply external message to current state');
        const error = (await captureError(() => rpc.sendBoc(boc))) as MessageRejectedError;
        expect([error.code, error.ambiguous, server.requests.length]).toEqual([
            'rpc_message_rejected',
            false,
            1,
        ]);
    });

    it('says when a rejection may be the consequence of its own first attempt', async () => {
        server.handler = (_, response) => {
            if (server.requests.length === 1) {
                response.destroy();
                return undefined;
            }
            return { ok: false, error: 'External message was not accepted', code: 500 };
        };
        expect(((await captureError(() => rpc.sendBoc(boc))) as MessageRejectedError).ambiguous).toBe(true);
    });
});

describe('the other methods', () => {
    it('take "not found" as an answer when they look for a transaction', async () => {
        for (const error of [
            'message not found',
            'cannot find transaction',
            'LITE_SERVER_UNKNOWN: cannot locate tx',
        ]) {
            server.handler = refuse(error, 404);
            expect(await rpc.locateResultTx(address, address, 5n)).toBeNull();
        }
        server.handler = refuse('Incorrect lt', 422);
        expect((await captureError(() => rpc.locateResultTx(address, address, 5n))).code).toBe(
            'rpc_response',
        );
    });

    it('read masterchain info and configuration', async () => {
        answer({ last: { workchain: -1, shard: '-9223372036854775808', seqno: 12 } });
        expect(await rpc.getMasterchainInfo()).toEqual({
            workchain: -1,
            shard: '-9223372036854775808',
            seqno: 12,
        });
        answer({ config: { bytes } });
        same(await rpc.getConfigParam(8));
        expect(server.requests.at(-1)!.params).toEqual({ config_id: 8 });
    });

    it('refuse a transaction that cannot be read', async () => {
        for (const result of ['x', [{ data: bytes }], [{}]]) {
            answer(result);
            expect((await captureError(() => rpc.getTransactions(address))).code).toBe('rpc_response');
        }
    });
});

describe('open', () => {
    it('lets a contract binding read and send', async () => {
        const contract = WalletContractV4.create({ workchain: 0, publicKey: Buffer.alloc(32) });
        const uninit = {
            balance: '0',
            state: 'uninitialized',
            code: '',
            data: '',
            last_transaction_id: { lt: '0', hash: '' },
            sync_utime: 1,
        };
        server.handler = ({ method }) => ({
            ok: true,
            result:
                method === 'runGetMethod' ? { exit_code: 0, gas_used: 1, stack: [['num', '0x3']] } : uninit,
        });
        const wallet = rpc.open(contract);
        expect(await wallet.getSeqno()).toBe(0); // Not deployed: the binding looks at the state first.
        await wallet.send(cell);
        const sent = Cell.fromBase64(server.requests.at(-1)!.params.boc as string).beginParse();
        expect(server.requests.at(-1)!.method).toBe('sendBoc');
        expect(sent.loadUint(2)).toBe(0b10);
    });
});
