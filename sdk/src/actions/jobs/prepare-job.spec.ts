import { Address, toNano } from '@ton/core';
import { cellHash, codeId, decodePostJob, encodeTerms, Job, Market, Node, type Terms } from 'cocoon-wrappers';
import { captureError } from '../../../tests/helpers/capture';
import { seededBytes } from '../../../tests/helpers/random';
import { decodePayload, encryptionKeyPair, openInput, resolvePayload } from '../../payload';
import { hashToInteger, hexToBytes, integerToHash } from '../../utils';
import { type PrepareJobParameters, prepareJob } from './prepare-job';

const NOW = 1_800_000_000;
const treasury = new Address(0, Buffer.alloc(32, 1));
const terms: Terms = {
    layout: 1,
    networkId: -217,
    minNodeVersion: 1,
    marketShards: 7,
    bootstrap: codeId(Node.bootstrapCode()),
    job: codeId(Job.code()),
    market: codeId(Market.code()),
    kinds: { vault: null, releaseDelay: 0, dispute: null, attestor: null, disputes: null },
    jobParams: {
        treasury,
        feeBps: 500,
        declineBps: 1_000,
        timeoutSlashBps: 10_000,
        keeperTip: 10n,
        postFee: 1_000n,
        noKeyFee: 100n,
        maxCollateral: toNano(1),
        minWindow: 7_200,
        maxWindow: 30 * 86_400,
        maxItems: 2,
        maxItemBytes: 12_000,
    },
    stakeParams: {
        minStake: 1n,
        reserve: 1n,
        unbondingPeriod: 1,
        evidenceWindow: 1,
        longestDispute: 1,
        lockGrace: 1,
    },
};
const node = encryptionKeyPair(new Uint8Array(32).fill(9));
const say = (content: string) => ({ messages: [{ role: 'user' as const, content }] });

const parameters = (changes: Partial<PrepareJobParameters> = {}): PrepareJobParameters => ({
    registry: new Address(0, Buffer.alloc(32, 2)),
    client: new Address(0, Buffer.alloc(32, 3)),
    terms: encodeTerms(terms),
    now: NOW,
    prices: {
        gas: { flatLimit: 0n, flatPrice: 0n, price: 1n },
        forward: { lump: 1n, bit: 1n, cell: 1n },
        storage: { bit: 1n, cell: 1n },
    },
    randomBytes: seededBytes(5),
    modelId: 77n,
    items: [say('One?'), say('Two?')],
    maxPrice: toNano(2),
    ...changes,
});
const direct = { index: 4, encryptionKey: hashToInteger(node.publicKey) };

describe('prepareJob', () => {
    it('fills in what the order leaves out, within the terms', async () => {
        const { spec, identity, escrow } = await prepareJob(parameters());
        expect(spec).toMatchObject({
            modelId: 77n,
            items: 2,
            direct: undefined,
            startPrice: toNano(2),
            maxPrice: toNano(2),
            rampSeconds: 0,
            collateral: toNano(1),
            claimWindow: 7_200,
            reviewWindow: 7_200,
        });
        expect(identity.openBefore).toBe(NOW + 4 * 7_200 + 3_600);
        expect(escrow).toBe(toNano(2) + 1_000n + 4n * 100n + 5n * 10n);
        const long = await prepareJob(parameters({ claimWindow: 30 * 86_400 }));
        expect(long.identity.openBefore).toBeLessThan(NOW + 30 * 86_400);
    });

    it('announces an open job at the Market of its address, and deploys that', async () => {
        const { address, identity, market, deployMarket, post } = await prepareJob(parameters());
        const shard = Market.shardOf(address, 7);
        const expected = Market.fromIdentity({ ...identity, modelId: 77n, shard });
        expect(market?.equals(expected.address)).toBe(true);
        expect(deployMarket!.init!.data!.equals(expected.init!.data!)).toBe(true);
        expect(decodePostJob(post.body).sealedKey).toBeNull();
        expect(Job.fromIdentity(identity).address.equals(post.to)).toBe(true);
    });

    it('seals a direct job to its node, which opens what was asked', async () => {
        const prepared = await prepareJob(parameters({ direct }));
        const message = decodePostJob(prepared.post.body);
        const items = await openInput({
            networkId: -217,
            job: prepared.address,
            secretKey: node.secretKey,
            sealedKey: message.sealedKey!,
            batch: await resolvePayload(message.input),
            count: 2,
            expected: { top: integerToHash(prepared.spec.inputTop) },
            claim: 0,
        });
        expect(items.map(({ data }) => JSON.parse(Buffer.from(data).toString()))).toEqual([
            say('One?'),
            say('Two?'),
        ]);
        expect(prepared).toMatchObject({ market: undefined, deployMarket: undefined, spec: { direct: 4 } });
        expect(cellHash(message.spec)).toBe(prepared.specHash);
    });

    it('keeps in the record all that reads the result and shows the input again', async () => {
        const { record, spec, address } = await prepareJob(parameters());
        const { publicKey } = encryptionKeyPair(hexToBytes(record.resultSecretKey));
        expect(hashToInteger(publicKey)).toBe(spec.resultKey);
        expect(record.salts).toHaveLength(2);
        const identity = {
            registry: Address.parse(record.registry),
            termsHash: BigInt(`0x${record.termsHash}`),
            client: Address.parse(record.client),
            nonce: BigInt(record.nonce),
            openBefore: record.openBefore,
        };
        expect(Job.fromIdentity(identity).address.equals(address)).toBe(true);
    });

    it('publishes what is too large for a message', async () => {
        const items = [say('x'.repeat(9_000)), say('y'.repeat(9_000))];
        const published: Uint8Array[] = [];
        const publish = async (batch: Uint8Array) => {
            published.push(batch);
            return 'https://files.example/1';
        };
        const { post } = await prepareJob(parameters({ items, publish }));
        const payload = decodePayload(decodePostJob(post.body).input);
        expect(payload).toMatchObject({
            kind: 'uri',
            url: 'https://files.example/1',
            size: published[0]!.length,
        });
        expect((await captureError(() => prepareJob(parameters({ items })))).code).toBe('payload_too_large');
    });

    it.each([
        [{ items: [say('x'.repeat(12_000))] }, 'payload_too_large'],
        [{ items: [say('1'), say('2'), say('3')] }, 'invalid_argument'],
        [{ items: [{ messages: [] }] }, 'payload_content_invalid'],
        [{ keyWindow: 3_600 }, 'invalid_argument'],
        [{ executionWindow: 7_200.5 }, 'invalid_argument'],
    ])('refuses %j', async (changes, code) => {
        expect((await captureError(() => prepareJob(parameters(changes)))).code).toBe(code);
    });

    it('is another job each time, unless nonce and randomness are given', async () => {
        const [first, second] = [await prepareJob(parameters()), await prepareJob(parameters())];
        expect(first.address.equals(second.address)).toBe(true);
        const other = await prepareJob(parameters({ randomBytes: undefined }));
        expect(other.address.equals(first.address)).toBe(false);
    });
});
