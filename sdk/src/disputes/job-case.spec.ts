import { Address, Cell, toNano } from '@ton/core';
import { codeId, decodePostJob, encodeTerms, Job, Market, Node, type Terms } from 'cocoon-wrappers';
import { captureError } from '../../tests/helpers/capture';
import { seededBytes } from '../../tests/helpers/random';
import { prepareJob } from '../actions/jobs/prepare-job';
import {
    type ChatRequest,
    type ChatResult,
    commitmentRoot,
    decodePayload,
    decodeSealedBatch,
    deriveItemKey,
    encodeRequest,
    encodeResult,
    encodeSealedBatch,
    type InlinePayload,
    nodeHash,
    type SealedContent,
    sealContent,
    sealItem,
} from '../payload';
import { hashToInteger, hexToBytes, utf8ToBytes } from '../utils';
import { itemKeyCell } from './cells';
import { buildItemAnswer, buildJobEvidence, type ItemDisclosure } from './job-case';
import { voteOf } from './judged';
import { type OpenDisclosedItemParameters, openDisclosedItem } from './open-item';

const random = seededBytes(21);
const CLIENT = new Address(0, Buffer.alloc(32, 4));
const NETWORK = -217;
const COUNT = 5;
const INDEX = 2;

const requests: ChatRequest[] = Array.from({ length: COUNT }, (_, i) => ({
    messages: [{ role: 'user', content: `secret question ${i}` }],
    max_tokens: 8,
}));
const results: ChatResult[] = requests.map((_, i) => ({
    text: `secret answer ${i}`,
    tokenIds: [i],
    logprobs: [-0.5],
    finishReason: 'stop',
    seed: 1,
    usage: { promptTokens: 4, completionTokens: 1 },
}));

const terms: Terms = {
    layout: 2,
    networkId: NETWORK,
    minNodeVersion: 1,
    marketShards: 1,
    bootstrap: codeId(Node.bootstrapCode()),
    job: codeId(Job.code()),
    market: codeId(Market.code()),
    kinds: { vault: null, releaseDelay: 0, dispute: null, attestor: null, disputes: null },
    jobParams: {
        treasury: CLIENT,
        feeBps: 500,
        declineBps: 1_000,
        timeoutSlashBps: 10_000,
        keeperTip: 10n,
        postFee: 1_000n,
        noKeyFee: 100n,
        maxCollateral: toNano(1),
        minWindow: 7_200,
        maxWindow: 30 * 86_400,
        maxItems: 8,
        maxItemBytes: 12_000,
    },
    stakeParams: {
        minStake: 1n,
        reserve: 1n,
        unbondingPeriod: 1,
        evidenceWindow: 3 * 86_400,
        longestDispute: 1,
        lockGrace: 1,
    },
};

let JOB: Address;
let input: { readonly contentKey: Uint8Array; readonly batch: Uint8Array; readonly top: Uint8Array };
let output: SealedContent;
let parameters: Parameters<typeof buildJobEvidence>[0];

/** The result of a node that says these bytes. */
function resultOf(items: readonly Uint8Array[]): SealedContent {
    const context = { networkId: NETWORK, job: JOB };
    return sealContent({ context, direction: 'result', items, randomBytes: random });
}

beforeAll(async () => {
    const prepared = await prepareJob({
        registry: new Address(0, Buffer.alloc(32, 2)),
        client: CLIENT,
        terms: encodeTerms(terms),
        now: 1_700_000_000,
        prices: {
            gas: { flatLimit: 0n, flatPrice: 0n, price: 1n },
            forward: { lump: 1n, bit: 1n, cell: 1n },
            storage: { bit: 1n, cell: 1n },
        },
        randomBytes: random,
        modelId: 9n,
        items: requests,
        maxPrice: toNano(1),
    });
    JOB = prepared.address;
    const { bytes: batch } = decodePayload(decodePostJob(prepared.post.body).input) as InlinePayload;
    const top = hexToBytes(prepared.spec.inputTop.toString(16).padStart(64, '0'));
    input = { contentKey: hexToBytes(prepared.record.contentKey), batch, top };
    output = resultOf(results.map(encodeResult));
    parameters = {
        job: JOB,
        accuser: CLIENT,
        record: prepared.record,
        batch,
        claim: 1,
        resultRoot: hashToInteger(output.commitment.root),
        submittedAt: 1_700_000_000,
        index: INDEX,
    };
});

describe('the accusation of a job', () => {
    it('names claim and root, and discloses one request with the path to the top on chain', () => {
        const built = buildJobEvidence(parameters);
        expect(built.openBefore).toBe(1_700_000_000 + 3 * 86_400);
        expect(built.evidence.beginParse().loadUintBig(256)).toBe(hashToInteger(output.commitment.root));
        expect(built.subject.bits.length).toBe(32 + 256 + 256 + 8);
        expect(topFrom(built.item)).toEqual(input.top);
    });

    it('shows the request that becomes public and no other', () => {
        const { disclosure, opening } = buildJobEvidence(parameters);
        const shown = JSON.stringify([disclosure, opening]);
        expect(shown).toContain('secret question 2');
        for (const other of [0, 1, 3, 4]) expect(shown).not.toContain(`secret question ${other}`);
        expect(disclosure.bytes).toBe(encodeRequest(requests[INDEX]!).length);
    });

    it('the disclosed key opens its item and no other', () => {
        const { itemKey } = buildJobEvidence(parameters).item;
        expect(itemKey).toEqual(deriveItemKey(input.contentKey, 'input', INDEX));
        expect(judge({ index: 1 })).toMatchObject({ kind: 'fault', reason: 'input_not_opened' });
    });

    it('of an item that is not there is refused', async () => {
        const error = await captureError(() => buildJobEvidence({ ...parameters, index: COUNT }));
        expect([error.code, error.details.check]).toEqual(['evidence_insufficient', 'item_index']);
        const other = { ...parameters, batch: output.batch };
        expect((await captureError(() => buildJobEvidence(other))).code).toBe('payload_decryption_failed');
    });
});

/** What a juror sees, with changes. */
function judge(change: Partial<OpenDisclosedItemParameters> = {}, answered = answer()) {
    const { item } = buildJobEvidence(parameters);
    return openDisclosedItem({
        networkId: NETWORK,
        job: JOB,
        modelId: 9n,
        count: COUNT,
        index: INDEX,
        maxItemBytes: 16_384,
        input: { leaf: hashToInteger(item.leaf), itemKey: itemKeyCell(item.itemKey) },
        inputBatch: input.batch,
        result: { leaf: hashToInteger(answered.leaf), itemKey: itemKeyCell(answered.itemKey) },
        resultBatch: output.batch,
        ...change,
    });
}

function answer({ contentKey, batch, commitment } = output) {
    const resultRoot = hashToInteger(commitment.root);
    return buildItemAnswer({
        networkId: NETWORK,
        job: JOB,
        contentKey,
        batch,
        count: COUNT,
        resultRoot,
        index: INDEX,
    });
}

describe('a juror', () => {
    it('opens request and result of the item in dispute', () => {
        const opened = judge();
        expect(opened).toEqual({
            kind: 'job',
            index: INDEX,
            modelId: 9n,
            request: requests[INDEX],
            result: results[INDEX],
        });
        expect(voteOf(opened)).toBeUndefined();
    });

    it('reads the ciphertext that the node posted where the published one is gone', () => {
        const { ciphertext, leaf, itemKey } = answer();
        const result = { leaf: hashToInteger(leaf), itemKey: itemKeyCell(itemKey), ciphertext };
        expect(judge({ result, resultBatch: undefined })).toMatchObject({ kind: 'job' });
    });

    it('proves path and root of an answer from the answer alone', () => {
        const answered = answer();
        expect(commitmentRoot(COUNT, topFrom(answered))).toEqual(output.commitment.root);
    });

    const noKey = Cell.EMPTY;
    it.each([
        ['result_not_shown', 'accused', { result: undefined }],
        ['result_absent', 'accused', { resultBatch: undefined }],
        ['input_batch_malformed', 'accuser', { inputBatch: Uint8Array.of(1, 2) }],
        ['input_too_large', 'accuser', { maxItemBytes: 60 }],
    ] as const)('sees %s as the fault of the %s', (reason, party, change) => {
        const opened = judge(change as Partial<OpenDisclosedItemParameters>);
        expect(opened).toEqual({ kind: 'fault', party, reason });
        expect(voteOf(opened)).toBe(party === 'accused' ? 'client' : 'node');
    });

    it('sees keys that are none, or of other items, as the fault of who gave them', () => {
        const { item } = buildJobEvidence(parameters);
        const leaf = hashToInteger(item.leaf);
        const wrong = itemKeyCell(deriveItemKey(input.contentKey, 'input', 0));
        expect(judge({ input: { leaf, itemKey: noKey } })).toMatchObject({ reason: 'input_key_malformed' });
        expect(judge({ input: { leaf, itemKey: wrong } })).toMatchObject({ reason: 'input_not_opened' });
        const result = { leaf: hashToInteger(answer().leaf), itemKey: wrong };
        expect(judge({ result })).toMatchObject({ party: 'accused', reason: 'result_not_opened' });
    });

    it('sees a ciphertext of other content than what was committed to', () => {
        // The same key sealed another text: ciphers do not commit to what they say, leaves do.
        const key = deriveItemKey(input.contentKey, 'input', INDEX);
        const place = {
            networkId: NETWORK,
            job: JOB,
            direction: 'input',
            index: INDEX,
            count: COUNT,
        } as const;
        const data = encodeRequest({ messages: [{ role: 'user', content: 'another question' }] });
        const items = decodeSealedBatch(input.batch);
        items[INDEX] = sealItem(key, place, { salt: random(32), data });
        const opened = judge({ inputBatch: encodeSealedBatch(items) });
        expect(opened).toMatchObject({ party: 'accuser', reason: 'input_not_committed' });
    });

    it('blames nobody for an input that cannot be had', () => {
        const opened = judge({ inputBatch: undefined });
        expect([opened, voteOf(opened)]).toEqual([{ kind: 'unavailable', what: 'input' }, 'unavailable']);
    });

    it('sees a result that is none as the node’s fault', () => {
        const junk = results.map((_, i) =>
            i === INDEX ? utf8ToBytes('not json') : encodeResult(results[i]!),
        );
        const spoilt = resultOf(junk);
        expect(judge({ resultBatch: spoilt.batch }, answer(spoilt))).toMatchObject({
            party: 'accused',
            reason: 'result_invalid',
        });
    });
});

/** As the contract walks it. */
function topFrom({ leaf, index, siblings }: ItemDisclosure): Uint8Array {
    let node = leaf;
    let at = index;
    let used = 0;
    for (let width = COUNT; width > 1; width = (width + 1) >> 1) {
        if ((at ^ 1) < width) {
            const sibling = siblings[used++]!;
            node = at % 2 === 0 ? nodeHash(node, sibling) : nodeHash(sibling, node);
        }
        at >>= 1;
    }
    expect(used).toBe(siblings.length);
    return node;
}
