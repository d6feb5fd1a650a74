import '@ton/test-utils';
import { Address, beginCell, Cell, toNano } from '@ton/core';
import type { Blockchain, SandboxContract } from '@ton/sandbox';
import { codeId, Job, Market, Node } from 'cocoon-wrappers';
import { MockTvm } from '../../build/MockTvm/MockTvm_MockTvm';
import { createBlockchain } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';

let blockchain: Blockchain;
let tvm: SandboxContract<MockTvm>;

beforeAll(async () => {
    blockchain = await createBlockchain();
    tvm = blockchain.openContract(await MockTvm.fromInit(1n));
    const deployer = await blockchain.treasury('deployer');
    await tvm.send(deployer.getSender(), { value: toNano('1') }, null);
});

const account = ({ hash }: Address) => BigInt(`0x${hash.toString('hex')}`);
const address = (byte: number) => new Address(0, Buffer.alloc(32, byte));
const registry = address(0x11);

/** Contracts and TypeScript derive the same addresses: contractAddress of code and identity. */
describe('the address on chain is the one in TypeScript', () => {
    it.each([0, 1, 2 ** 32 - 1])('of node %i', async (index) => {
        const { hash, depth } = codeId(Node.bootstrapCode());
        const derived = await tvm.getNodeAccount(hash, BigInt(depth), account(registry), BigInt(index));
        expect(derived).toBe(account(Node.fromIndex(registry, index).address));
    });

    it.each([
        [0n, 0],
        [2n ** 64n - 1n, 2 ** 32 - 1],
        [77n, 1_800_000_000],
    ])('of job %i that opens before %i', async (nonce, openBefore) => {
        const { hash, depth } = codeId(Job.code());
        const [termsHash, client] = [2n ** 255n + 5n, address(0x22)];
        const { address: job } = Job.fromIdentity({ registry, termsHash, client, nonce, openBefore });
        const derived = await tvm.getJobAccount(
            hash,
            BigInt(depth),
            account(registry),
            termsHash,
            client,
            nonce,
            BigInt(openBefore),
        );
        expect(derived).toBe(account(job));
    });

    it.each([0, 255])('of Market shard %i', async (shard) => {
        const { hash, depth } = codeId(Market.code());
        const [termsHash, modelId] = [3n, 2n ** 256n - 1n];
        const { address: market } = Market.fromIdentity({ registry, termsHash, modelId, shard });
        const derived = await tvm.getMarketAccount(
            hash,
            BigInt(depth),
            registry,
            termsHash,
            modelId,
            BigInt(shard),
        );
        expect(derived).toBe(account(market));
    });
});

it('an account id is taken from addresses in the basechain alone', async () => {
    expect(await tvm.getBasechainAccount(address(0x33))).toBe(account(address(0x33)));
    const master = new Address(-1, Buffer.alloc(32, 0x33));
    await expect(tvm.getBasechainAccount(master)).rejects.toMatchObject({ exitCode: ERR.ERR_WORKCHAIN });
});

it('the depth of an identity without references is 0, as the derivation assumes', () => {
    for (const { init } of [
        Job.fromIdentity({ registry, termsHash: 1n, client: registry, nonce: 1n, openBefore: 1 }),
        Market.fromIdentity({ registry, termsHash: 1n, modelId: 1n, shard: 1 }),
    ]) {
        expect(init!.data!.depth()).toBe(0);
        expect(
            beginCell()
                .storeRef(init!.data ?? Cell.EMPTY)
                .endCell()
                .depth(),
        ).toBe(1);
    }
});
