import { captureError } from '../../../tests/helpers/capture';
import { seededBytes, seededRandom } from '../../../tests/helpers/random';
import { nativePrimitives } from '../../node';
import { encryptionKeyPair } from '../../payload';
import {
    completionLimit,
    decodeBody,
    decodeDelta,
    decodeEnvelope,
    decodeFailure,
    decodeFinalInfo,
    decodeNodeInfo,
    decodePaymentContent,
    decodeReceipt,
    decodeRefusal,
    decodeRequestContent,
    EnvelopeOpener,
    encapsulate,
    encodeBody,
    encodePaymentContent,
    encodeReceipt,
    encodeRefusal,
    encodeRequestContent,
    FrameDecoder,
    FrameSealer,
    noblePrimitives,
    priceOf,
    REFUSAL_STATUS,
    type RefusalCode,
    sealEnvelope,
    signAuthorization,
} from '..';

const random = seededRandom(21);
const bytes = seededBytes(22);
const int = (limit: number) => Math.floor(random() * limit);
const u64 = () => BigInt(`0x${Buffer.from(bytes(8)).toString('hex')}`);
const rounds = Array.from({ length: 50 }, (_, index) => index);
const native = nativePrimitives();
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

const receipt = () => ({
    signature: bytes(64),
    chunk: int(2 ** 32),
    requestHash: bytes(32),
    responseHash: bytes(32),
    usage: { prompt: int(2 ** 32), cached: int(2 ** 32), completion: int(2 ** 32) },
    price: u64(),
    seed: u64(),
    issuedAt: int(2 ** 32),
});
const request = () => ({
    salt: bytes(32),
    voucher: { cumulative: u64(), signature: bytes(64) },
    authorization: bytes(64),
    prices: { prompt: u64(), cachedPrompt: u64(), completion: u64() },
    modelId: bytes(32),
    task: (['chat', 'completion', 'embedding'] as const)[int(3)]!,
    json: bytes(int(500)),
});

describe('codecs', () => {
    it('read what they wrote, and nothing shorter or longer', async () => {
        for (const _ of rounds) {
            const [r, q, p] = [receipt(), request(), { cumulative: u64(), signature: bytes(64) }];
            expect(decodeReceipt(encodeReceipt(r))).toEqual(r);
            expect(decodeRequestContent(encodeRequestContent(q))).toEqual(q);
            expect(decodePaymentContent(encodePaymentContent(p))).toEqual(p);
            for (const cut of [encodeReceipt(r).subarray(1), Buffer.concat([encodeReceipt(r), bytes(1)])]) {
                expect((await captureError(() => decodeReceipt(cut))).code).toBe('session_malformed');
            }
        }
        const short = await captureError(() => decodeRequestContent(bytes(224)));
        expect(short).toMatchObject({ code: 'session_malformed', refusal: 'request_invalid' });
    });

    it('do not fit what has too many bits', () => {
        expect(() => encodeReceipt({ ...receipt(), price: 1n << 64n })).toThrow('64 unsigned bits');
        expect(() => encodeReceipt({ ...receipt(), chunk: 2 ** 32 })).toThrow('integer from 0');
        expect(() => encodeReceipt({ ...receipt(), requestHash: bytes(31) })).toThrow('32 bytes');
    });

    it('round prices up, as the formula says', () => {
        const prices = { prompt: 1_000_001n, cachedPrompt: 1n, completion: 3_000_000n };
        expect(priceOf({ prompt: 0, cached: 0, completion: 0 }, prices)).toBe(0n);
        expect(priceOf({ prompt: 1, cached: 1, completion: 0 }, prices)).toBe(1n);
        expect(priceOf({ prompt: 2, cached: 1, completion: 2 }, prices)).toBe(8n);
        expect(priceOf({ prompt: 1_000_000, cached: 0, completion: 0 }, prices)).toBe(1_000_001n);
    });

    it('say bodies canonically, without what stays at home', () => {
        const body = { stream: true, model: 'm', user: 'u', z: 1, messages: [], temperature: undefined };
        expect(new TextDecoder().decode(encodeBody(body))).toBe('{"messages":[],"z":1}');
        expect(completionLimit({ max_tokens: 5, max_completion_tokens: 4 })).toBe(4);
        expect(completionLimit({ max_tokens: 5 })).toBe(5);
        expect(completionLimit({ max_tokens: '5' })).toBeUndefined();
        expect(() => decodeBody(json([]))).toThrow('not a JSON object');
    });

    it.each<[string, () => unknown]>([
        ['a delta of another type', () => decodeDelta(json({ t: 5 }))],
        ['log-probabilities without their tokens', () => decodeDelta(json({ p: [1] }))],
        ['a token id that is none', () => decodeDelta(json({ i: [-1] }))],
        ['rows that are no rows', () => decodeDelta(json({ e: [1] }))],
        ['a list as delta', () => decodeDelta(json([]))],
        ['bytes that are no JSON', () => decodeDelta(Uint8Array.of(0xff))],
        ['another reason to finish', () => decodeFinalInfo(json({ finish: 'x', seed: null, cached: 0 }))],
        ['a seed that is none', () => decodeFinalInfo(json({ finish: 'stop', seed: 1.5, cached: 0 }))],
        ['a failure without a code', () => decodeFailure(json({ code: 'Not a code' }))],
        ['a refusal without a code', () => decodeRefusal(400, json({ error: { code: 'toString' } }))],
        [
            'an amount that is none',
            () => decodeRefusal(402, json({ error: { code: 'payment_required', needed: '-1' } })),
        ],
        ['a node of another protocol', () => decodeNodeInfo(json({ protocol: 2 }))],
        [
            'a node in another workchain',
            () =>
                decodeNodeInfo(
                    json({ protocol: 1, network: -3, chunkTokens: 16, node: `-1:${'0'.repeat(64)}` }),
                ),
        ],
    ])('refuse %s', async (_, act) => {
        const error = await captureError(act);
        expect(error.code).toBe('session_malformed');
    });

    it('name every refusal on both sides', () => {
        for (const code of Object.keys(REFUSAL_STATUS) as RefusalCode[]) {
            const { status, body } = encodeRefusal({ code, message: 'x' });
            expect(decodeRefusal(status, body, '7')).toMatchObject({
                code: `session_${code}`,
                refusal: code,
                status: REFUSAL_STATUS[code],
                retryAfterSeconds: 7,
            });
        }
    });
});

describe('frames', () => {
    const sealed = (count: number) => {
        const sealer = new FrameSealer(native, new Uint8Array(32));
        const all = Array.from({ length: count }, () => sealer.seal('delta', bytes(int(300))));
        return [...all, sealer.seal('final', bytes(9))];
    };

    it('are read however the stream is cut', () => {
        for (const _ of rounds) {
            const stream = Buffer.concat(sealed(20));
            const decoder = new FrameDecoder(native, new Uint8Array(32));
            let count = 0;
            for (let offset = 0; offset < stream.length; ) {
                const end = offset + 1 + int(700);
                count += decoder.push(stream.subarray(offset, end)).length;
                offset = end;
            }
            decoder.end();
            expect([count, decoder.complete]).toEqual([21, true]);
        }
    });

    it('notice every flipped bit of ciphertext, every cut and every exchange', async () => {
        const frames = sealed(3);
        const read = (stream: Uint8Array) => {
            const decoder = new FrameDecoder(native, new Uint8Array(32));
            decoder.push(stream);
            decoder.end();
        };
        const whole = Buffer.concat(frames);
        read(whole);
        for (let at = 0; at < whole.length; at++) {
            const bent = Uint8Array.from(whole);
            bent[at]! ^= 1 << int(8);
            expect(() => read(bent)).toThrow(/session_(decryption_failed|malformed|truncated)/);
            expect(() => read(whole.subarray(0, at))).toThrow('session_truncated');
        }
        for (const order of [
            [1, 0, 2, 3],
            [0, 0, 1, 2, 3],
            [0, 2, 3],
            [3, 0, 1, 2],
        ]) {
            const moved = Buffer.concat(order.map((index) => frames[index]!));
            expect(() => read(moved)).toThrow('session_decryption_failed');
        }
    });
});

describe('envelopes', () => {
    const place = { networkId: -3, node: bytes(32) };
    const pair = encryptionKeyPair(bytes(32));
    const header = {
        kind: 'request',
        vault: bytes(32),
        slot: 1,
        generation: 2n,
        sequence: 3n,
        counter: 0,
    } as const;
    const allocation = { ...place, vault: header.vault, slot: 1, generation: 2n };
    const opener = (max?: number) => new EnvelopeOpener(native, place, () => pair.secretKey, max);

    it('open at once after the first of an encapsulation', async () => {
        const secret = await encapsulate(native, place, pair.publicKey);
        const envelopes = [3n, 4n].map((sequence) =>
            sealEnvelope(native, secret, { ...header, sequence }, Uint8Array.of(Number(sequence))),
        );
        const node = opener();
        expect([...(await node.open(envelopes[0]!.bytes)).content]).toEqual([3]);
        const second = node.open(envelopes[1]!.bytes);
        expect(second).not.toBeInstanceOf(Promise);
        expect([...(await second).content]).toEqual([4]);
    });

    it('open nowhere with a flipped bit, another node or network', async () => {
        const secret = await encapsulate(native, place, pair.publicKey);
        const { bytes: sealed } = sealEnvelope(native, secret, header, bytes(40));
        const node = opener();
        await node.open(sealed);
        for (let at = 0; at < sealed.length; at++) {
            const bent = Uint8Array.from(sealed);
            bent[at]! ^= 1 << int(8);
            const error = await captureError(() => node.open(bent));
            expect(error.code).toMatch(/session_(decryption_failed|malformed)/);
        }
        for (const other of [
            { ...place, networkId: -239 },
            { ...place, node: bytes(32) },
        ]) {
            const elsewhere = new EnvelopeOpener(native, other, () => pair.secretKey);
            expect((await captureError(() => elsewhere.open(sealed))).code).toBe('session_decryption_failed');
        }
        const without = new EnvelopeOpener(native, place, () => undefined);
        expect(await captureError(() => without.open(sealed))).toMatchObject({ refusal: 'key_unknown' });
        const version = await captureError(() => decodeEnvelope(sealed.with(0, 2)));
        expect(version).toMatchObject({ refusal: 'protocol_unsupported' });
    });

    it('keep as many secrets as they may, those used last', async () => {
        const node = opener(2);
        const seal = async (sequence: bigint) => {
            const secret = await encapsulate(native, place, pair.publicKey);
            return sealEnvelope(native, secret, { ...header, sequence }, bytes(1)).bytes;
        };
        const [a, b, c] = [await seal(1n), await seal(2n), await seal(3n)];
        for (const sealed of [a, b, a, c]) await node.open(sealed);
        expect(node.open(a)).not.toBeInstanceOf(Promise);
        expect(node.open(b)).toBeInstanceOf(Promise);
    });

    it('are authorized by the voucher key for this allocation and encapsulation alone', async () => {
        const secretKey = bytes(32);
        const voucherKey = native.publicKeyEd25519(secretKey);
        const secret = await encapsulate(native, place, pair.publicKey);
        const other = await encapsulate(native, place, pair.publicKey);
        const node = opener();
        const envelope = await node.open(sealEnvelope(native, secret, header, bytes(1)).bytes);
        const foreign = await node.open(sealEnvelope(native, other, header, bytes(1)).bytes);
        const authorization = signAuthorization(native, secretKey, allocation, secret.enc);
        const args = { envelope, allocation, voucherKey, authorization };
        // Twice: the second answer comes from memory.
        for (const _ of [1, 2]) expect(node.isAuthorized(args)).toBe(true);
        expect(node.isAuthorized({ ...args, envelope: foreign })).toBe(false);
        expect(node.isAuthorized({ ...args, allocation: { ...allocation, slot: 2 } })).toBe(false);
        expect(node.isAuthorized({ ...args, voucherKey: native.publicKeyEd25519(bytes(32)) })).toBe(false);
    });
});

describe('noble and native primitives', () => {
    it('agree', () => {
        for (const round of rounds.slice(0, 10)) {
            const [key, nonce, message, data] = [bytes(32), bytes(12), bytes(round * 37), bytes(round)];
            const hex = (value: Uint8Array | undefined) => value && Buffer.from(value).toString('hex');
            const results = [noblePrimitives, native].map((one) => {
                const hash = one.createSha256();
                hash.update(message);
                const middle = hash.digest();
                hash.update(data);
                const sealed = one.seal(key, nonce, message, data);
                const signature = one.signEd25519(message, key);
                return [
                    one.sha256(message),
                    middle,
                    hash.digest(),
                    one.hmacSha256(key, message),
                    sealed,
                    signature,
                    one.publicKeyEd25519(key),
                    one.seal(key, nonce, message),
                ].map(hex);
            });
            expect(results[0]).toEqual(results[1]);
            const sealed = noblePrimitives.seal(key, nonce, message, data);
            const publicKey = native.publicKeyEd25519(key);
            const signature = native.signEd25519(message, key);
            for (const one of [noblePrimitives, native]) {
                expect(hex(one.open(key, nonce, sealed, data))).toBe(hex(message));
                expect(one.open(key, nonce, sealed.with(round, sealed[round]! ^ 1), data)).toBeUndefined();
                expect(one.open(key, nonce, bytes(15), data)).toBeUndefined();
                expect(one.verifyEd25519(message, signature, publicKey)).toBe(true);
                expect(one.verifyEd25519(data, signature, publicKey)).toBe(round === 0);
                expect(one.verifyEd25519(message, signature.subarray(1), publicKey)).toBe(false);
                expect(one.verifyEd25519(message, signature, bytes(31))).toBe(false);
            }
        }
    });
});
