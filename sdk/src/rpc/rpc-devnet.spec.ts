import { Address, SendMode, toNano } from '@ton/core';
import type { WalletContractV5R1 } from '@ton/ton';
import { captureError } from '../../tests/helpers/capture';
import { DevnetChain, testWallet } from '../../tests/helpers/devnet-chain';
import { createWalletSender } from '../send';

const wallet = testWallet(4);
const { address } = wallet.contract;
const nobody = new Address(0, Buffer.alloc(32, 0xee));
let chain: DevnetChain;

beforeAll(async () => {
    chain = await DevnetChain.start();
    await chain.fund(address);
    await createWalletSender({ reader: chain.rpc, wallet, clock: chain.clock }).sendMessages([
        { to: nobody, value: toNano(1), bounce: false },
    ]);
});
afterAll(() => chain.devnet.close());

describe('createRpc against a toncenter v2 API', () => {
    it('reads accounts', async () => {
        const account = await chain.rpc.getAccount(address);
        const last = chain.devnet.transactions(address).at(-1)!;
        expect(account).toMatchObject({ state: 'active', balance: chain.devnet.balance(address) });
        expect(account.lastTransaction).toEqual({ lt: last.lt, hash: new Uint8Array(last.hash()) });
        expect(account.syncTime).toBeGreaterThan(1_600_000_000);
        expect(await chain.rpc.getAccount(new Address(0, Buffer.alloc(32)))).toMatchObject({
            state: 'uninit',
            balance: 0n,
            lastTransaction: null,
        });
    });

    it('pages through transactions, newest first', async () => {
        const all = chain.devnet.transactions(address).map((tx) => tx.lt);
        const [newest, oldest] = [...all].reverse();
        expect(all).toHaveLength(2);
        const [first] = await chain.rpc.getTransactions(address, { limit: 1 });
        expect(first!.lt).toBe(newest);
        const from = { lt: first!.lt, hash: first!.hash() };
        const lts = async (options: object) =>
            (await chain.rpc.getTransactions(address, options)).map((tx) => tx.lt);
        expect(await lts({ from })).toEqual([newest, oldest]);
        expect(await lts({ toLt: oldest })).toEqual([newest]);
        expect(await lts({ toLt: newest })).toEqual([]);
    });

    it('locates what a message led to', async () => {
        const [tx] = await chain.rpc.getTransactions(address);
        const { info } = tx!.outMessages.get(0)!;
        if (info.type !== 'internal') throw new Error('not internal');
        const result = await chain.rpc.locateResultTx(info.src, info.dest, info.createdLt);
        expect(result!.inMessage!.info).toMatchObject({ createdLt: info.createdLt });
        expect(await chain.rpc.locateResultTx(info.src, info.dest, info.createdLt + 1n)).toBeNull();
    });

    it('serves contract bindings and tells why a get method fails', async () => {
        const opened = chain.rpc.open(wallet.contract as WalletContractV5R1);
        expect(await opened.getSeqno()).toBe(1);
        expect(await opened.getBalance()).toBe(chain.devnet.balance(address));
        const missing = await captureError(() => chain.rpc.runGetMethod(address, 'no_such_method'));
        expect(missing).toMatchObject({ code: 'get_method_failed', details: { exitCode: 11 } });
        const empty = await captureError(() => chain.rpc.runGetMethod(nobody, 'seqno'));
        expect(empty.code).toBe('get_method_failed');
    });

    it('reads the configuration and the masterchain', async () => {
        expect((await chain.rpc.getConfigParam(20)).bits.length).toBeGreaterThan(0);
        expect((await chain.rpc.getMasterchainInfo()).seqno).toBeGreaterThan(0);
    });

    it('tells that a message is rejected', async () => {
        const body = await wallet.contract.createTransfer({
            seqno: 99,
            secretKey: Buffer.from(wallet.secretKey),
            messages: [],
            sendMode: SendMode.PAY_GAS_SEPARATELY,
            timeout: chain.devnet.now() + 60,
        });
        const error = await captureError(() => chain.rpc.provider(address).external(body));
        expect(error.code).toBe('rpc_message_rejected');
    });
});
