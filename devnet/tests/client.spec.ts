import { internal, SendMode } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import { type TonClient, WalletContractV4, WalletContractV5R1 } from '@ton/ton';
import { closeAll, errorOf, plainAddress, startNet, type TestNet, TON } from './helpers';

const keys = keyPairFromSeed(Buffer.alloc(32, 7));
const otherKeys = keyPairFromSeed(Buffer.alloc(32, 8));
const destination = plainAddress(0xab);

const wallets = {
    v4: () => WalletContractV4.create({ workchain: 0, publicKey: keys.publicKey }),
    v5r1: () => WalletContractV5R1.create({ publicKey: keys.publicKey, walletId: { networkGlobalId: -239 } }),
};

describe.each(Object.entries(wallets))('an unmodified TonClient with wallet %s', (_version, create) => {
    let net: TestNet;
    let client: TonClient;
    const wallet = create();

    beforeAll(async () => {
        net = await startNet();
        client = net.client;
        await net.devnet.fund(wallet.address, 100n * TON);
    });
    afterAll(closeAll);

    const send = (seqno: number, value: bigint, secretKey = keys.secretKey) =>
        client.open(wallet as WalletContractV4).sendTransfer({
            seqno,
            secretKey,
            timeout: 4_000_000_000,
            sendMode: SendMode.PAY_GAS_SEPARATELY,
            messages: [internal({ to: destination, value, bounce: false, body: `n${seqno}` })],
        });

    it('sees an address that was funded but has no code', async () => {
        const state = await client.getContractState(wallet.address);
        expect(state).toMatchObject({ state: 'uninitialized', balance: 100n * TON });
        expect(await client.open(wallet as WalletContractV4).getSeqno()).toBe(0);
    });

    it('deploys the wallet with its first transfer and goes on', async () => {
        for (const seqno of [0, 1, 2]) {
            await send(seqno, TON);
            await net.devnet.settle();
        }
        expect(await client.isContractDeployed(wallet.address)).toBe(true);
        expect(await client.open(wallet as WalletContractV4).getSeqno()).toBe(3);
        expect(await client.getBalance(destination)).toBe(3n * TON);
    });

    it('runs get methods', async () => {
        const { stack } = await client.runMethod(wallet.address, 'get_public_key');
        expect(stack.readBigNumber()).toBe(BigInt(`0x${keys.publicKey.toString('hex')}`));
        expect((await client.runMethodWithError(wallet.address, 'no_such_method')).exit_code).toBe(11);
        await expect(client.runMethod(wallet.address, 'no_such_method')).rejects.toThrow('exit_code: 11');
    });

    it('is refused a used seqno and a wrong signature, as by a real node', async () => {
        const stale = await send(0, TON).catch(errorOf);
        expect(stale).toMatch(/External message was not accepted[\s\S]*exitcode=(33|133)$/);
        const forged = await send(3, TON, otherKeys.secretKey).catch(errorOf);
        expect(forged).toMatch(/External message was not accepted[\s\S]*exitcode=(35|135)$/);
    });

    it('follows a message from its sender to its receiver and back', async () => {
        const [sent] = await client.getTransactions(wallet.address, { limit: 1 });
        const message = sent!.outMessages.get(0)!;
        if (message.info.type !== 'internal') throw new Error('expected an internal message');
        const createdLt = String(message.info.createdLt);
        const result = await client.tryLocateResultTx(wallet.address, destination, createdLt);
        expect(result.inMessage!.info).toMatchObject({ createdLt: message.info.createdLt });
        expect(result.inMessage!.info.dest!.toString()).toBe(destination.toString());
        const source = await client.tryLocateSourceTx(wallet.address, destination, createdLt);
        expect(source.lt).toBe(sent!.lt);
    });

    it('finds a transaction by lt and hash', async () => {
        const { lastTransaction } = await client.getContractState(wallet.address);
        const found = await client.getTransaction(wallet.address, lastTransaction!.lt, lastTransaction!.hash);
        expect(found!.hash().toString('base64')).toBe(lastTransaction!.hash);
    });

    it('estimates the fees that are then charged', async () => {
        const body = await (wallet as WalletContractV4).createTransfer({
            seqno: 3,
            secretKey: keys.secretKey,
            timeout: 4_000_000_000,
            sendMode: SendMode.PAY_GAS_SEPARATELY,
            messages: [internal({ to: destination, value: TON, bounce: false, body: 'n3' })],
        });
        const { source_fees: fees } = await client.estimateExternalMessageFee(wallet.address, {
            body,
            initCode: null,
            initData: null,
            ignoreSignature: true,
        });
        const before = await client.getBalance(wallet.address);
        await send(3, TON);
        await net.devnet.settle();
        const [sent] = await client.getTransactions(wallet.address, { limit: 1 });
        const charged = before - TON - (await client.getBalance(wallet.address));
        expect(BigInt(fees.in_fwd_fee + fees.gas_fee + fees.fwd_fee + fees.storage_fee)).toBe(charged);
        expect(sent!.description).toMatchObject({ computePhase: { gasFees: BigInt(fees.gas_fee) } });
    });
});

describe('scanning blocks with a TonClient', () => {
    afterAll(closeAll);

    it('meets every transaction exactly once', async () => {
        const { devnet, client } = await startNet();
        for (let i = 1; i <= 5; i++) await devnet.fund(plainAddress(i), TON);
        const { latestSeqno } = await client.getMasterchainInfo();
        const seen: string[] = [];
        for (let seqno = 1; seqno <= latestSeqno; seqno++) {
            for (const shard of await client.getWorkchainShards(seqno)) {
                const list = await client.getShardTransactions(shard.workchain, shard.seqno, shard.shard);
                seen.push(...list.map(({ hash }) => hash));
            }
        }
        expect(new Set(seen).size).toBe(5);
        expect(seen).toHaveLength(devnet.stats().transactions);
    });
});
