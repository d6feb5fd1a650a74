import { createHash } from 'node:crypto';
import { seededBytes } from '../../tests/helpers/random';
import { commitItems, proveItem, verifyItem } from '.';

const random = seededBytes(1);
const sha = (...parts: Uint8Array[]) =>
    new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest());

function sample(count: number) {
    const items = Array.from({ length: count }, (_, i) => random(i % 7));
    const salts = items.map(() => random(32));
    return { items, salts, ...commitItems(items, salts) };
}

describe('commitment', () => {
    it('hashes leaves, nodes and root as the protocol says, and promotes an odd node', () => {
        const { items, salts, leaves, top, root } = sample(3);
        const leaf = (i: number) => {
            const head = Buffer.alloc(13);
            head.writeUInt32BE(i, 1);
            head.writeBigUInt64BE(BigInt(items[i]!.length), 5);
            return sha(head, salts[i]!, items[i]!);
        };
        expect(leaves).toEqual([leaf(0), leaf(1), leaf(2)]);
        const left = sha(Buffer.of(1), leaf(0), leaf(1));
        expect(top).toEqual(sha(Buffer.of(1), left, leaf(2)));
        expect(root).toEqual(sha(Buffer.of(2, 0, 0, 0, 3), top));
    });

    it('of one item has its leaf as top', () => {
        const { leaves, top } = sample(1);
        expect(top).toEqual(leaves[0]);
    });

    it.each([0, 4097])('refuses %i items', (count) => {
        const items = Array.from({ length: count }, () => new Uint8Array());
        expect(() =>
            commitItems(
                items,
                items.map(() => random(32)),
            ),
        ).toThrow('1 to 4096');
    });

    it('refuses a missing or short salt', () => {
        expect(() => commitItems([Uint8Array.of(1)], [])).toThrow('as many salts');
        expect(() => commitItems([Uint8Array.of(1)], [random(31)])).toThrow('32 bytes');
    });
});

describe('item proof', () => {
    it('verifies every item of trees of 1 to 33 items, and only it', () => {
        for (let count = 1; count <= 33; count++) {
            const { items, salts, leaves, root } = sample(count);
            for (let i = 0; i < count; i++) {
                const proof = proveItem(leaves, i);
                expect(verifyItem(root, proof, salts[i]!, items[i]!)).toBe(true);
                expect(verifyItem(root, proof, salts[i]!, Uint8Array.of(...items[i]!, 0))).toBe(false);
                expect(
                    verifyItem(root, { ...proof, index: (i + 1) % (count + 1) }, salts[i]!, items[i]!),
                ).toBe(false);
                expect(verifyItem(root, { ...proof, count: count + 1 }, salts[i]!, items[i]!)).toBe(false);
            }
        }
    });

    it('refuses siblings that are missing, left over, or of another length', () => {
        const { items, salts, leaves, root } = sample(5);
        const proof = proveItem(leaves, 1);
        const verify = (siblings: Uint8Array[]) =>
            verifyItem(root, { ...proof, siblings }, salts[1]!, items[1]!);
        expect(verify([...proof.siblings])).toBe(true);
        expect(verify(proof.siblings.slice(0, -1))).toBe(false);
        expect(verify([...proof.siblings, random(32)])).toBe(false);
        expect(verify([random(31), ...proof.siblings.slice(1)])).toBe(false);
    });

    it('refuses an index or salt that cannot be', () => {
        const { items, salts, leaves, root } = sample(2);
        const proof = proveItem(leaves, 0);
        for (const index of [-1, 0.5, 2, Number.NaN]) {
            expect(verifyItem(root, { ...proof, index }, salts[0]!, items[0]!)).toBe(false);
            expect(() => proveItem(leaves, index)).toThrow('no item');
        }
        expect(verifyItem(root, proof, random(31), items[0]!)).toBe(false);
    });
});
