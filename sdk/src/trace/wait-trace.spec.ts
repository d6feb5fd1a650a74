import { Address, beginCell, type Sender, SendMode, toNano } from '@ton/core';
import { captureError } from '../../tests/helpers/capture';
import { DevnetChain, testWallet } from '../../tests/helpers/devnet-chain';
import { type ChainReader, RpcNotSupportedError, RpcUnreachableError } from '../rpc';
import {
    createWalletSender,
    type OutgoingMessage,
    sendAndWait,
    senderFrom,
    type WalletSender,
} from '../send';
import { assertTrace, type Trace, type TraceTimeoutError, type TransactionFailedError, waitTrace } from '.';

const thrower = new Address(0, Buffer.alloc(32, 0xaa));
const nobody = new Address(0, Buffer.alloc(32, 0xbb));
const body = beginCell().storeUint(0xc0c00001, 32).storeUint(1, 64).endCell();
const wallet = testWallet(1);

let chain: DevnetChain;
let sender: WalletSender;

beforeEach(async () => {
    chain = await DevnetChain.start();
    await chain.fund(wallet.contract.address);
    await chain.installThrower(thrower, 777);
    sender = createWalletSender({ reader: chain.rpc, wallet, clock: chain.clock });
});
afterEach(() => chain.devnet.close());

const waiting = () => ({
    reader: chain.rpc as ChainReader,
    clock: chain.clock,
    intervalMs: 1_000,
    timeoutMs: 60_000,
});
async function trace(...messages: OutgoingMessage[]): Promise<Trace> {
    const { roots } = await sender.sendMessages(messages);
    return waitTrace({ ...waiting(), root: roots[0]! });
}
const shape = (of: Trace) => of.nodes.map((node) => [node.address.toRawString(), node.lt, node.computeExit]);

describe('waitTrace', () => {
    it('follows every message to its end and accounts for every nanoTON', async () => {
        const accounts = [wallet.contract.address, thrower, nobody];
        const total = () => accounts.reduce((sum, account) => sum + chain.devnet.balance(account), 0n);
        const before = total();
        const result = await trace(
            { to: thrower, value: toNano(1), body },
            { to: nobody, value: toNano(2), bounce: false },
        );
        const [throwing, deposit] = result.root.children;
        expect(result.nodes).toHaveLength(4);
        expect(throwing).toMatchObject({
            computeExit: 777,
            aborted: true,
            opcode: 0xc0c00001,
            inValue: toNano(1),
        });
        expect(throwing!.children[0]).toMatchObject({
            bounced: true,
            computeExit: 0,
            opcode: 0xc0c00001,
            children: [],
        });
        expect(deposit!.address.equals(nobody)).toBe(true);
        expect(deposit).toMatchObject({
            computeSkipped: 'no-state',
            inValue: toNano(2),
            gasUsed: 0n,
        });
        expect(result.failed).toEqual([throwing]);
        expect(result.totalFees).toBe(before - total());
        expect(result.totalGas).toBe(result.nodes.reduce((sum, node) => sum + node.gasUsed, 0n));
        expect(result.totalGas).toBeGreaterThan(0n);
    });

    it('keeps the events of a transaction', async () => {
        const emitter = new Address(0, Buffer.alloc(32, 0xdd));
        const event = beginCell().storeUint(0xe0000001, 32).endCell();
        await chain.installEmitter(emitter, event);
        const { root, failed } = await trace({ to: emitter, value: toNano(1), body });
        expect(failed).toEqual([]);
        expect(root.children[0]!.events.map((cell) => cell.equals(event))).toEqual([true]);
        expect(root.children[0]!.children).toEqual([]);
    });

    it('gives the same trace whoever asks, however messages are delayed, and after a restart', async () => {
        await chain.devnet.setPolicy({ hop: [2, 6], order: 'shuffle', seed: 3 });
        const { roots } = await sender.sendMessages([
            { to: thrower, value: toNano(1), body },
            { to: nobody, value: toNano(1), bounce: false },
        ]);
        const first = await waitTrace({ ...waiting(), root: roots[0]! });
        const again = await waitTrace({ ...waiting(), root: roots[0]! });
        expect(shape(again)).toEqual(shape(first));
        expect(first.nodes).toHaveLength(4);
    });

    it('pages through accounts where the endpoint cannot locate a transaction', async () => {
        const message = { to: thrower, value: toNano(1), body };
        const { roots } = await sender.sendMessages([message, message]);
        const direct = await waitTrace({ ...waiting(), root: roots[0]! });
        for (let i = 0; i < 25; i++) await chain.fund(thrower, 1n); // More than a page on top of it.
        const locateResultTx = () => Promise.reject(new RpcNotSupportedError('tryLocateResultTx'));
        const reader: ChainReader = Object.assign(Object.create(chain.rpc), { locateResultTx });
        const paged = await waitTrace({ ...waiting(), reader, root: roots[0]! });
        expect(shape(paged)).toEqual(shape(direct));
    });

    it('says how far it came when time is over, and goes on from there', async () => {
        await chain.devnet.pause({ source: thrower });
        const { roots } = await sender.sendMessages([{ to: thrower, value: toNano(1), body }]);
        const [root] = roots;
        const error = (await captureError(() =>
            waitTrace({ ...waiting(), root: root!, timeoutMs: 5_000 }),
        )) as TraceTimeoutError;
        expect(error).toMatchObject({ code: 'trace_timeout', progress: { found: 2, pending: 1 } });
        await chain.devnet.resume();
        expect((await error.resume()).nodes).toHaveLength(3);
    });

    it('says so when the wallet never executed the message', async () => {
        const root = {
            kind: 'external',
            wallet: nobody,
            messageHash: new Uint8Array(32),
            afterLt: 0n,
        } as const;
        const error = (await captureError(() =>
            waitTrace({ ...waiting(), root, timeoutMs: 3_000 }),
        )) as TraceTimeoutError;
        expect(error.progress).toEqual({ found: 0, pending: null });
        expect(error.message).toContain('Do not send again');
    });

    it('rides out an endpoint that fails, and ends when aborted', async () => {
        const { roots } = await sender.sendMessages([{ to: nobody, value: 1n, bounce: false }]);
        let calls = 0;
        const getTransactions: ChainReader['getTransactions'] = (address, options) =>
            calls++ < 2
                ? Promise.reject(new RpcUnreachableError('down'))
                : chain.rpc.getTransactions(address, options);
        const reader: ChainReader = Object.assign(Object.create(chain.rpc), { getTransactions });
        expect((await waitTrace({ ...waiting(), reader, root: roots[0]! })).failed).toEqual([]);
        const aborted = waitTrace({ ...waiting(), root: roots[0]!, signal: AbortSignal.abort() });
        expect((await captureError(() => aborted)).code).toBe('operation_aborted');
    });
});

describe('sendAndWait', () => {
    it('names the exit code and its remedy from the table of the contracts', async () => {
        const exitCodes = {
            777: { name: 'JOB_CLOSED', meaning: 'the job is over', remedy: 'Post another job.' },
        };
        const sending = () =>
            sendAndWait({
                ...waiting(),
                sender,
                messages: [{ to: thrower, value: toNano(1), body }],
                exitCodes,
            });
        const error = (await captureError(sending)) as TransactionFailedError;
        expect(error).toMatchObject({
            code: 'transaction_failed',
            exitCode: 777,
            exitName: 'JOB_CLOSED',
            phase: 'compute',
        });
        expect(error.remedy).toBe('Post another job.');
        expect(error.node.address.equals(thrower)).toBe(true);
        expect(error.trace.nodes).toHaveLength(3);
    });

    it('explains a code that no table knows', async () => {
        const sending = () =>
            sendAndWait({ ...waiting(), sender, messages: [{ to: thrower, value: toNano(1), body }] });
        expect(((await captureError(sending)) as TransactionFailedError).exitName).toBe('EXIT_777');
    });

    it('takes a bounceable message to an empty account for a failure', async () => {
        const sending = () =>
            sendAndWait({ ...waiting(), sender, messages: [{ to: nobody, value: toNano(1) }] });
        const error = (await captureError(sending)) as TransactionFailedError;
        expect([error.exitName, error.exitCode]).toEqual(['compute skipped (no-state)', null]);
    });

    it('notices a message that the wallet could not pay for', async () => {
        const everything = {
            to: nobody,
            value: 0n,
            bounce: false,
            sendMode: SendMode.CARRY_ALL_REMAINING_BALANCE,
        };
        const result = await trace({ ...everything }, { ...everything });
        const error = (await captureError(() => assertTrace(result))) as TransactionFailedError;
        expect([error.phase, error.exitName]).toEqual(['action', 'message not sent']);
    });

    it('follows a wallet app by destination and body, and only its message', async () => {
        const app: Sender = {
            address: wallet.contract.address,
            send: async (message) => {
                await sender.sendMessages([{ to: thrower, value: toNano(1), body }, message]);
            },
        };
        const messages = [
            { to: nobody, value: toNano(1), bounce: false, body: beginCell().storeUint(7, 32).endCell() },
        ];
        const [result] = await sendAndWait({ ...waiting(), sender: senderFrom(app, chain.rpc), messages });
        expect(result!.nodes.map((node) => node.address.toRawString())).toEqual([
            wallet.contract.address.toRawString(),
            nobody.toRawString(),
        ]);
    });

    it('cannot follow a sender without an address', async () => {
        const error = await captureError(() => senderFrom({ send: async () => undefined }, chain.rpc));
        expect(error.code).toBe('trace_root_ambiguous');
    });
});
