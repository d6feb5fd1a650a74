import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Address } from '@ton/core';
import { bytesToHex as hex, hexToBytes } from '../utils';
import {
    commitItems,
    decodeRequest,
    deriveItemKey,
    encodePayload,
    encryptionKeyPair,
    inlinePayload,
    openContent,
    openKey,
    proveItem,
    sealContent,
    sealedKeyToCell,
} from '.';
import { itemContextBytes, keyContextBytes } from './context';

const page = readFileSync(join(__dirname, '../../../docs/spec/payload.md'), 'utf8');
const vector = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)![1]!);

const context = { networkId: vector.networkId, job: Address.parse(vector.job) };
const direction = 'input' as const;
const contentKey = hexToBytes(vector.contentKey);
const items: Uint8Array[] = vector.items.map(hexToBytes);
const salts: Uint8Array[] = vector.salts.map(hexToBytes);

describe('the test vectors of docs/spec/payload.md', () => {
    it('commit', () => {
        const { leaves, top, root } = commitItems(items, salts);
        expect(leaves.map(hex)).toEqual(vector.leaves);
        expect([hex(top), hex(root)]).toEqual([vector.top, vector.root]);
        expect(proveItem(leaves, 0).siblings.map(hex)).toEqual(vector.proofOfItem0);
    });

    it('hold a canonical request', () => {
        expect(decodeRequest(items[0]!)).toEqual({
            messages: [{ role: 'user', content: 'Hi' }],
            max_tokens: 8,
        });
    });

    it('derive keys and contexts', () => {
        const { key, nonce } = deriveItemKey(contentKey, direction, 0);
        expect([hex(key), hex(nonce)]).toEqual([vector.itemKey0, vector.itemNonce0]);
        expect(hex(itemContextBytes(context, direction, 0, items.length))).toBe(vector.itemContext0);
        expect(hex(keyContextBytes({ ...context, direction, claim: vector.claim }))).toBe(vector.keyContext);
    });

    it('seal and open', () => {
        const drawn = [contentKey, ...salts];
        const content = sealContent({ context, direction, items, randomBytes: () => drawn.shift()! });
        expect(hex(content.batch)).toBe(vector.batch);
        expect(inlinePayload(content).hash().toString('hex')).toBe(vector.inlineCellHash);
        const expected = { top: hexToBytes(vector.top), root: hexToBytes(vector.root) };
        const opened = openContent({
            context,
            direction,
            contentKey,
            batch: content.batch,
            count: 3,
            expected,
        });
        expect(opened).toEqual(items.map((data, i) => ({ data, salt: salts[i]! })));
    });

    it('name the batch by URI', () => {
        const batch = hexToBytes(vector.batch);
        const { url, size, sha256, cellHash } = vector.uri;
        expect([batch.length, createHash('sha256').update(batch).digest('hex')]).toEqual([size, sha256]);
        const cell = encodePayload({ kind: 'uri', url, size, sha256: hexToBytes(sha256) });
        expect(cell.hash().toString('hex')).toBe(cellHash);
    });

    it('open the sealed key', async () => {
        const pair = encryptionKeyPair(hexToBytes(vector.recipientSecretKey));
        expect(hex(pair.publicKey)).toBe(vector.recipientPublicKey);
        const sealedKey = hexToBytes(vector.sealedKey);
        const opened = await openKey({
            secretKey: pair.secretKey,
            sealedKey,
            context: { ...context, direction, claim: vector.claim },
        });
        expect(hex(opened)).toBe(vector.contentKey);
        expect(sealedKeyToCell(sealedKey).hash().toString('hex')).toBe(vector.sealedKeyCellHash);
    });
});
