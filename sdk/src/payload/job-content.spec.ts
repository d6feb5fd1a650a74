import { Address } from '@ton/core';
import { captureError } from '../../tests/helpers/capture';
import { seededBytes } from '../../tests/helpers/random';
import {
    commitItems,
    decodeSealedBatch,
    deriveItemKey,
    encodeSealedBatch,
    encryptionKeyPair,
    inlinePayload,
    type OpenArgs,
    openContent,
    openInput,
    openItem,
    openResult,
    proveItem,
    releaseInputKey,
    resolvePayload,
    sealContent,
    sealInput,
    sealItem,
    sealResult,
    verifyItem,
} from '.';

const random = seededBytes(4);
const node = encryptionKeyPair(random(32));
const client = encryptionKeyPair(random(32));
const place = { networkId: -3, job: new Address(0, Buffer.from(random(32))) };
const items = [random(0), random(20), random(500)];

async function directJob(): Promise<OpenArgs> {
    const sealed = await sealInput({ ...place, items, nodePublicKey: node.publicKey });
    return {
        ...place,
        secretKey: node.secretKey,
        sealedKey: sealed.sealedKey,
        batch: await resolvePayload(inlinePayload(sealed)),
        count: items.length,
        expected: sealed.commitment,
        claim: 0,
    };
}

describe('job content', () => {
    it('goes to the node of a direct job', async () => {
        const opened = await openInput(await directJob());
        expect(opened.map((item) => item.data)).toEqual(items);
    });

    it('goes to the claimer of an open job, once its key is released', async () => {
        const sealed = await sealInput({ ...place, items });
        expect(sealed).not.toHaveProperty('sealedKey');
        const sealedKey = await releaseInputKey({
            ...place,
            contentKey: sealed.contentKey,
            recipientPublicKey: node.publicKey,
            claim: 2,
        });
        const { batch, commitment } = sealed;
        const args = {
            ...place,
            secretKey: node.secretKey,
            sealedKey,
            batch,
            count: 3,
            expected: { root: commitment.root },
        };
        expect((await openInput({ ...args, claim: 2 })).map((item) => item.data)).toEqual(items);
        expect((await captureError(() => openInput({ ...args, claim: 1 }))).code).toBe(
            'payload_decryption_failed',
        );
    });

    it('comes back to the client', async () => {
        const sealed = await sealResult({ ...place, items, clientPublicKey: client.publicKey, claim: 1 });
        const { batch, sealedKey, commitment } = sealed;
        const opened = await openResult({
            ...place,
            secretKey: client.secretKey,
            sealedKey,
            batch,
            count: 3,
            expected: { root: commitment.root },
            claim: 1,
        });
        expect(opened.map((item) => item.data)).toEqual(items);
    });

    it('does not open as the other direction', async () => {
        const args = await directJob();
        expect((await captureError(() => openResult(args))).code).toBe('payload_decryption_failed');
    });

    it('is sealed under fresh keys and salts each time', async () => {
        const [a, b] = [await directJob(), await directJob()];
        expect(a.batch).not.toEqual(b.batch);
        expect(a.expected.top).not.toEqual(b.expected.top);
    });

    it('is refused when it is not what the chain commits to', async () => {
        const args = await directJob();
        const other = commitItems([random(1), random(2), random(3)], [random(32), random(32), random(32)]);
        for (const expected of [
            { top: other.top },
            { root: other.root },
            { ...args.expected, root: other.root },
        ]) {
            const error = await captureError(() => openInput({ ...args, expected }));
            expect(error.code).toBe('payload_commitment_mismatch');
        }
        const short = await captureError(() => openInput({ ...args, count: 2 }));
        expect(short.code).toBe('payload_commitment_mismatch');
        expect((await captureError(() => openInput({ ...args, expected: {} }))).code).toBe(
            'invalid_argument',
        );
    });

    it('is refused when a client commits to one text and encrypts another', async () => {
        const context = { ...place, direction: 'input', index: 0, count: 1 } as const;
        const contentKey = random(32);
        const salt = random(32);
        const forged = sealItem(deriveItemKey(contentKey, 'input', 0), context, {
            salt,
            data: Uint8Array.of(1),
        });
        const error = await captureError(() =>
            openContent({
                context: place,
                direction: 'input',
                contentKey,
                batch: encodeSealedBatch([forged]),
                count: 1,
                expected: commitItems([Uint8Array.of(2)], [salt]),
            }),
        );
        expect(error.code).toBe('payload_commitment_mismatch');
    });

    it('is refused when items change places, jobs or a bit', async () => {
        const args = await directJob();
        const parts = decodeSealedBatch(args.batch);
        const swapped = encodeSealedBatch([parts[1]!, parts[0]!, parts[2]!]);
        const flipped = args.batch.slice();
        flipped[flipped.length - 1]! ^= 1;
        for (const batch of [swapped, flipped]) {
            expect((await captureError(() => openInput({ ...args, batch }))).code).toBe(
                'payload_decryption_failed',
            );
        }
        const elsewhere = { ...args, job: new Address(0, Buffer.from(random(32))) };
        expect((await captureError(() => openInput(elsewhere))).code).toBe('payload_decryption_failed');
    });

    it('discloses one item without opening another', () => {
        const content = sealContent({ context: place, direction: 'input', items });
        const key = deriveItemKey(content.contentKey, 'input', 1);
        const sealed = decodeSealedBatch(content.batch);
        const where = { ...place, direction: 'input', count: 3 } as const;
        const { salt, data } = openItem(key, { ...where, index: 1 }, sealed[1]!);
        expect(verifyItem(content.commitment.root, proveItem(content.commitment.leaves, 1), salt, data)).toBe(
            true,
        );
        expect(() => openItem(key, { ...where, index: 2 }, sealed[2]!)).toThrow('does not open');
        expect(() => openItem(key, { ...where, index: 2 }, sealed[2]!.subarray(0, 47))).toThrow('too short');
    });

    it('refuses an item over the limit of the terms', async () => {
        const sealing = sealInput({ ...place, items: [random(1_000)], maxItemBytes: 1_047 });
        await expect(sealing).rejects.toMatchObject({ code: 'payload_too_large' });
        expect(
            (await sealInput({ ...place, items: [random(1_000)], maxItemBytes: 1_048 })).batch.length,
        ).toBe(1_057);
    });
});
