import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { Address, beginCell } from '@ton/core';
import { captureError } from '../../tests/helpers/capture';
import { seededBytes } from '../../tests/helpers/random';
import { concatBytes, uintBytes, utf8ToBytes } from '../utils';
import { encryptionKeyPair, type KeyContext, openKey, sealedKeyFromCell, sealedKeyToCell, sealKey } from '.';
import { keyContextBytes } from './context';

const random = seededBytes(3);
const node = encryptionKeyPair(random(32));
const contentKey = random(32);
const context: KeyContext = {
    networkId: -3,
    job: new Address(0, Buffer.from(random(32))),
    direction: 'input',
    claim: 7,
};
const seal = () => sealKey({ recipientPublicKey: node.publicKey, contentKey, context });

describe('sealed content key', () => {
    it('opens for the recipient in the same context', async () => {
        const sealedKey = await seal();
        expect(await openKey({ secretKey: node.secretKey, sealedKey, context })).toEqual(contentKey);
    });

    it('is RFC 9180 base mode with X25519, HKDF-SHA256 and ChaCha20-Poly1305', async () => {
        expect(openByTheBook(node.secretKey, await seal(), keyContextBytes(context))).toEqual(contentKey);
    });

    it.each<[string, Partial<KeyContext>]>([
        ['another network', { networkId: -239 }],
        ['another job', { job: new Address(0, Buffer.from(random(32))) }],
        ['the same account id in the masterchain', { job: new Address(-1, context.job.hash) }],
        ['the other direction', { direction: 'result' }],
        ['another claim', { claim: 8 }],
    ])('does not open for %s', async (_, change) => {
        const sealedKey = await seal();
        const error = await captureError(() =>
            openKey({ secretKey: node.secretKey, sealedKey, context: { ...context, ...change } }),
        );
        expect(error.code).toBe('payload_decryption_failed');
    });

    it('does not open with another key or one flipped bit', async () => {
        const sealedKey = await seal();
        const other = encryptionKeyPair(random(32));
        expect(
            (await captureError(() => openKey({ secretKey: other.secretKey, sealedKey, context }))).code,
        ).toBe('payload_decryption_failed');
        for (const at of [0, 31, 32, 79]) {
            const broken = sealedKey.slice();
            broken[at]! ^= 1;
            const error = await captureError(() =>
                openKey({ secretKey: node.secretKey, sealedKey: broken, context }),
            );
            expect(error.code).toBe('payload_decryption_failed');
        }
    });

    it('travels in a cell', async () => {
        const sealedKey = await seal();
        expect(sealedKeyFromCell(sealedKeyToCell(sealedKey))).toEqual(sealedKey);
        expect(() => sealedKeyToCell(sealedKey.subarray(1))).toThrow('80 bytes');
    });

    it('is refused in a cell of another version or size', async () => {
        const bytes = Buffer.from(await seal());
        const version2 = beginCell().storeUint(2, 8).storeBuffer(bytes).endCell();
        const long = beginCell().storeUint(1, 8).storeBuffer(bytes).storeBit(0).endCell();
        for (const cell of [version2, long, beginCell().endCell()]) {
            expect((await captureError(() => sealedKeyFromCell(cell))).code).toBe('payload_malformed');
        }
    });

    it('is not made for a key that everybody can compute with', async () => {
        const lowOrder = sealKey({ recipientPublicKey: new Uint8Array(32), contentKey, context });
        await expect(lowOrder).rejects.toMatchObject({ code: 'invalid_argument' });
    });

    it('needs keys of 32 bytes', async () => {
        expect(() => encryptionKeyPair(random(31))).toThrow('32 bytes');
        await expect(sealKey({ recipientPublicKey: random(33), contentKey, context })).rejects.toThrow(
            '32 bytes',
        );
        await expect(
            openKey({ secretKey: node.secretKey, sealedKey: random(79), context }),
        ).rejects.toMatchObject({
            code: 'payload_malformed',
        });
    });
});

/** RFC 9180, sections 4 and 5, written out with primitives only. */
function openByTheBook(secretKey: Uint8Array, sealed: Uint8Array, info: Uint8Array): Uint8Array {
    const [enc, ct] = [sealed.subarray(0, 32), sealed.subarray(32)];
    const kemSuite = concatBytes(utf8ToBytes('KEM'), uintBytes(0x20, 2));
    const suite = concatBytes(utf8ToBytes('HPKE'), uintBytes(0x20, 2), uintBytes(1, 2), uintBytes(3, 2));
    const version = utf8ToBytes('HPKE-v1');
    const labeledExtract = (id: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array) =>
        extract(sha256, concatBytes(version, id, utf8ToBytes(label), ikm), salt);
    const labeledExpand = (
        id: Uint8Array,
        prk: Uint8Array,
        label: string,
        data: Uint8Array,
        length: number,
    ) =>
        expand(sha256, prk, concatBytes(uintBytes(length, 2), version, id, utf8ToBytes(label), data), length);
    const none = new Uint8Array();
    const dh = x25519.getSharedSecret(secretKey, enc);
    const eaePrk = labeledExtract(kemSuite, none, 'eae_prk', dh);
    const kemContext = concatBytes(enc, x25519.getPublicKey(secretKey));
    const shared = labeledExpand(kemSuite, eaePrk, 'shared_secret', kemContext, 32);
    const schedule = concatBytes(
        Uint8Array.of(0),
        labeledExtract(suite, none, 'psk_id_hash', none),
        labeledExtract(suite, none, 'info_hash', info),
    );
    const secret = labeledExtract(suite, shared, 'secret', none);
    const key = labeledExpand(suite, secret, 'key', schedule, 32);
    const nonce = labeledExpand(suite, secret, 'base_nonce', schedule, 12);
    return chacha20poly1305(key, nonce).decrypt(ct);
}
