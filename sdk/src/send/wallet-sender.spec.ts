import { Address, beginCell, internal, SendMode, toNano } from '@ton/core';
import { captureError } from '../../tests/helpers/capture';
import { DevnetChain, testWallet } from '../../tests/helpers/devnet-chain';
import { type ChainReader, MessageRejectedError, RpcTimeoutError, RpcUnreachableError } from '../rpc';
import { externalMessageHash } from '../trace';
import { bytesToHex, toBuffer } from '../utils';
import { createWalletSender, memoryPendingStore, type OutgoingMessage, type WalletSenderOptions } from '.';

const to = new Address(0, Buffer.alloc(32, 0xcc));
const payment = (value: bigint): OutgoingMessage => ({ to, value, bounce: false });
const wallet = testWallet(2);
const { address } = wallet.contract;

let chain: DevnetChain;

beforeEach(async () => {
    chain = await DevnetChain.start();
    await chain.fund(address);
});
afterEach(() => chain.devnet.close());

const create = (options: Partial<WalletSenderOptions> = {}) =>
    createWalletSender({ reader: chain.rpc, wallet, clock: chain.clock, ...options });
/** External messages that the wallet executed. */
const executed = (of = address) =>
    chain.devnet.transactions(of).filter((tx) => tx.inMessage?.info.type === 'external-in');
/** What arrived, storage fees aside. */
const received = () =>
    chain.devnet.transactions(to).reduce((sum, { inMessage }) => {
        return sum + (inMessage?.info.type === 'internal' ? inMessage.info.value.coins : 0n);
    }, 0n);
const overriding = (overrides: Partial<ChainReader>): ChainReader =>
    Object.assign(Object.create(chain.rpc), overrides);

describe('sendMessages', () => {
    it.each(['v4', 'v5'] as const)(
        'deploys a %s wallet with its first message and goes on with the next seqno',
        async (version) => {
            const other = testWallet(3, version);
            await chain.fund(other.contract.address);
            const sender = create({ wallet: other });
            const first = await sender.sendMessages([payment(toNano(1))]);
            const second = await sender.sendMessages([payment(toNano(2))]);
            await chain.devnet.settle();
            expect([first.seqno, second.seqno, received()]).toEqual([0, 1, toNano(3)]);
            const [tx0, tx1] = executed(other.contract.address);
            const hash = (tx: typeof tx0) => externalMessageHash(other.contract.address, tx!.inMessage!.body);
            expect([bytesToHex(first.externalHash!), bytesToHex(second.externalHash!)]).toEqual([
                bytesToHex(hash(tx0)),
                bytesToHex(hash(tx1)),
            ]);
        },
    );

    it('puts as many messages into one as the wallet takes', async () => {
        const twelve = Array.from({ length: 12 }, () => payment(toNano(1)));
        await create().sendMessages(twelve);
        await chain.devnet.settle();
        expect([received(), executed().length]).toEqual([toNano(12), 1]);
        const v4 = create({ wallet: testWallet(2, 'v4') });
        for (const count of [0, 5]) {
            const error = await captureError(() => v4.sendMessages(twelve.slice(0, count)));
            expect(error.shortMessage).toContain('1 to 4');
        }
    });

    it('sends concurrent calls one after another, also from several senders of one wallet', async () => {
        const senders = [create(), create()];
        const sent = await Promise.all(
            [1, 2, 3, 4, 5].map((n) => senders[n % 2]!.sendMessages([payment(toNano(n))])),
        );
        await chain.devnet.settle();
        expect(sent.map(({ seqno }) => seqno)).toEqual([0, 1, 2, 3, 4]);
        expect(received()).toBe(toNano(15));
    });

    it('sends the same message again while the network loses it', async () => {
        await chain.devnet.setPolicy({ dropExternal: 1 });
        chain.onSleep = async (count) => {
            if (count === 15) await chain.devnet.setPolicy({ dropExternal: 0 });
        };
        await create().sendMessages([payment(toNano(1))]);
        await chain.devnet.settle();
        expect([received(), executed().length]).toEqual([toNano(1), 1]);
    });

    it('gives up only when the message provably expired; the next one has the same seqno', async () => {
        const sender = create({ validForSeconds: 30 });
        await sender.sendMessages([payment(toNano(1))]);
        await chain.devnet.setPolicy({ dropExternal: 1 });
        const before = chain.devnet.now();
        const error = await captureError(() => sender.sendMessages([payment(toNano(2))]));
        expect(error).toMatchObject({ code: 'wallet_message_expired', details: { seqno: 1 } });
        expect(chain.devnet.now() - before).toBeGreaterThan(30);
        await chain.devnet.setPolicy({ dropExternal: 0 });
        expect((await sender.sendMessages([payment(toNano(4))])).seqno).toBe(1);
        await chain.devnet.settle();
        expect(received()).toBe(toNano(5));
    });

    it('says when another process took the seqno, for a first message at once', async () => {
        await chain.devnet.setPolicy({ dropExternal: 1 });
        const sender = create();
        for (const seqno of [0, 1]) {
            chain.onSleep = async () => {
                chain.onSleep = () => undefined;
                await chain.devnet.setPolicy({ dropExternal: 0 });
                await rival(seqno);
                await chain.devnet.mine();
                await chain.devnet.setPolicy({ dropExternal: 1 });
            };
            const error = await captureError(() => sender.sendMessages([payment(toNano(1))]));
            expect(error).toMatchObject({ code: 'wallet_seqno_taken', details: { seqno } });
        }
        expect(received()).toBe(toNano(20));
    });

    it('finishes the message of a process that died, before it signs another', async () => {
        const pending = memoryPendingStore();
        await chain.devnet.setPolicy({ dropExternal: 1 });
        const controller = new AbortController();
        chain.onSleep = () => controller.abort();
        const dying = create({ pending, signal: controller.signal });
        expect((await captureError(() => dying.sendMessages([payment(toNano(1))]))).code).toBe(
            'operation_aborted',
        );
        chain.onSleep = () => undefined;
        await chain.devnet.setPolicy({ dropExternal: 0 });
        const reborn = create({ pending });
        expect(await reborn.recover()).toMatchObject({ seqno: 0 });
        expect(await reborn.recover()).toBeNull();
        expect((await reborn.sendMessages([payment(toNano(2))])).seqno).toBe(1);
        await chain.devnet.settle();
        expect([received(), executed().length]).toEqual([toNano(3), 2]);
    });

    it('refuses to sign another message while the outcome of one is not known', async () => {
        let down = false;
        const guarded = <T>(call: () => Promise<T>) =>
            down ? Promise.reject(new RpcUnreachableError('down')) : call();
        const reader = overriding({
            getAccount: (of) => guarded(() => chain.rpc.getAccount(of)),
            sendBoc: async (boc) => {
                await chain.rpc.sendBoc(boc);
                down = true;
            },
        });
        const sender = create({ reader, validForSeconds: 10 });
        const unknown = { code: 'wallet_outcome_unknown' };
        await expect(sender.sendMessages([payment(toNano(1))])).rejects.toMatchObject(unknown);
        await expect(sender.sendMessages([payment(toNano(2))])).rejects.toMatchObject(unknown);
        down = false;
        expect(await overridingSender(reader).recover()).toMatchObject({ seqno: 0 });
        await chain.devnet.settle();
        expect([received(), executed().length]).toEqual([toNano(1), 1]);
    });

    it('reports a rejection soon when no endpoint took the message, and retries what lags behind', async () => {
        let rejections = 2;
        const sendBoc = (boc: Uint8Array) =>
            rejections-- > 0
                ? Promise.reject(new MessageRejectedError('exitcode=33', false))
                : chain.rpc.sendBoc(boc);
        const sender = create({ reader: overriding({ sendBoc }) });
        expect((await sender.sendMessages([payment(toNano(1))])).seqno).toBe(0);
        rejections = Number.POSITIVE_INFINITY;
        const start = chain.devnet.now();
        const error = await captureError(() => sender.sendMessages([payment(toNano(1))]));
        expect(error.code).toBe('rpc_message_rejected');
        expect(chain.devnet.now() - start).toBeLessThan(10);
    });

    it('takes rejections for no proof once a send had no answer', async () => {
        const before = await chain.rpc.getAccount(address);
        let calls = 0;
        const reader = overriding({
            sendBoc: async (boc) => {
                if (++calls > 1) throw new MessageRejectedError('exitcode=33', false);
                await chain.rpc.sendBoc(boc);
                throw new RpcTimeoutError('no answer');
            },
            getAccount: (of) => (calls < 6 ? Promise.resolve(before) : chain.rpc.getAccount(of)),
        });
        expect((await create({ reader }).sendMessages([payment(toNano(1))])).seqno).toBe(0);
        await chain.devnet.settle();
        expect([received(), executed().length]).toEqual([toNano(1), 1]);
    });

    it('does not trust an endpoint that tells an old seqno', async () => {
        const sender = create();
        await sender.sendMessages([payment(1n)]);
        await sender.sendMessages([payment(1n)]);
        const stale = chain.rpc.runGetMethod.bind(chain.rpc);
        chain.rpc.runGetMethod = async (...args) => {
            const result = await stale(...args);
            return { ...result, stack: Object.assign(result.stack, { readNumber: () => 1 }) };
        };
        expect((await sender.sendMessages([payment(1n)])).seqno).toBe(2);
    });

    it('refuses what cannot work before it signs anything', async () => {
        const poor = create({ wallet: testWallet(9) });
        expect((await captureError(() => poor.sendMessages([payment(1n)]))).code).toBe('wallet_unfunded');
        const much = await captureError(() => create().sendMessages([payment(toNano(100))]));
        expect(much).toMatchObject({
            code: 'wallet_unfunded',
            details: { needed: toNano(100) + 5_000_000n },
        });
        const modes = [payment(1n), { ...payment(1n), sendMode: SendMode.CARRY_ALL_REMAINING_BALANCE }];
        expect((await captureError(() => create().sendMessages(modes))).code).toBe('invalid_argument');
        const { contract, secretKey } = wallet;
        const codeless = {
            address,
            publicKey: contract.publicKey,
            createTransfer: contract.createTransfer.bind(contract),
        };
        const noInit = create({ wallet: { contract: codeless, secretKey } });
        expect((await captureError(() => noInit.sendMessages([payment(1n)]))).code).toBe(
            'wallet_not_deployed',
        );
        const wrongKey = { contract, secretKey: testWallet(5).secretKey };
        expect((await captureError(() => create({ wallet: wrongKey }))).code).toBe('wallet_key_mismatch');
        const shortKey = { contract, secretKey: secretKey.subarray(32) };
        expect((await captureError(() => create({ wallet: shortKey }))).code).toBe('invalid_argument');
        expect(executed()).toHaveLength(0);
    });
});

describe('asSender', () => {
    it('serves contract bindings', async () => {
        const sender = create().asSender();
        expect(sender.address.equals(address)).toBe(true);
        await chain.rpc.provider(to).internal(sender, { value: '1.5', bounce: false, body: 'hi' });
        await chain.devnet.settle();
        expect(received()).toBe(toNano('1.5'));
    });
});

const overridingSender = (reader: ChainReader) => create({ reader });

/** Another process that uses the wallet's key on its own. */
async function rival(seqno: number): Promise<void> {
    const body = await wallet.contract.createTransfer({
        seqno,
        secretKey: toBuffer(wallet.secretKey),
        messages: [internal({ to, value: toNano(10), bounce: false, body: beginCell().endCell() })],
        sendMode: SendMode.PAY_GAS_SEPARATELY | SendMode.IGNORE_ERRORS,
        timeout: chain.devnet.now() + 600,
    });
    await chain.rpc.provider(address, wallet.contract.init).external(body);
}
