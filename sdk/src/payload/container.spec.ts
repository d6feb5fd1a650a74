import { beginCell, Cell } from '@ton/core';
import { captureError } from '../../tests/helpers/capture';
import { seededBytes } from '../../tests/helpers/random';
import {
    bytesToSnake,
    decodePayload,
    decodeSealedBatch,
    encodePayload,
    encodeSealedBatch,
    MAX_INLINE_BYTES,
    snakeToBytes,
} from '.';

const random = seededBytes(2);

describe('sealed batch', () => {
    const items = [random(48), random(49), random(300)];
    const bytes = encodeSealedBatch(items);

    it('returns what was put in', () => {
        expect(decodeSealedBatch(bytes)).toEqual(items);
    });

    it('is refused when cut off anywhere or followed by anything', async () => {
        for (let length = 0; length < bytes.length; length++) {
            expect((await captureError(() => decodeSealedBatch(bytes.subarray(0, length)))).code).toBe(
                'payload_malformed',
            );
        }
        const error = await captureError(() => decodeSealedBatch(Uint8Array.of(...bytes, 0)));
        expect(error.shortMessage).toContain('1 bytes follow');
    });

    it.each([
        ['another version', [2, 0, 0, 0, 1], 'payload_malformed'],
        ['no items', [1, 0, 0, 0, 0], 'payload_malformed'],
        ['more items than a job has', [1, 0, 0, 0x10, 0x01], 'payload_too_large'],
        ['an item too short for a ciphertext', [1, 0, 0, 0, 1, 0, 0, 0, 2, 7, 7], 'payload_malformed'],
        ['an item that claims 4 GB', [1, 0, 0, 0, 1, 255, 255, 255, 255], 'payload_too_large'],
    ])('with %s is refused', async (_, header, code) => {
        expect((await captureError(() => decodeSealedBatch(Uint8Array.from(header)))).code).toBe(code);
    });

    it('keeps items within the limit of the terms, both ways', async () => {
        expect((await captureError(() => encodeSealedBatch(items, 299))).code).toBe('payload_too_large');
        expect((await captureError(() => decodeSealedBatch(bytes, 299))).code).toBe('payload_too_large');
        expect(decodeSealedBatch(bytes, 300)).toHaveLength(3);
    });
});

describe('snake', () => {
    it.each([0, 1, 126, 127, 128, 254, 255, MAX_INLINE_BYTES])('of %i bytes returns them', (size) => {
        const bytes = random(size);
        const cell = bytesToSnake(bytes);
        expect(snakeToBytes(cell, size)).toEqual(bytes);
        expect(snakeToBytes(Cell.fromBoc(cell.toBoc())[0]!, size)).toEqual(bytes);
    });

    it('stops at the limit', async () => {
        const error = await captureError(() => snakeToBytes(bytesToSnake(random(300)), 299));
        expect(error.code).toBe('payload_too_large');
    });

    const tail = beginCell().storeUint(7, 8).endCell();
    const full = beginCell().storeBuffer(Buffer.alloc(127));
    it.each([
        ['a cell with part of a byte', beginCell().storeUint(1, 7).endCell()],
        ['a cell that branches', full.storeRef(tail).storeRef(tail).endCell()],
        ['a cell that is not full but goes on', beginCell().storeUint(1, 8).storeRef(tail).endCell()],
        [
            'an empty cell at the end',
            beginCell().storeBuffer(Buffer.alloc(127)).storeRef(Cell.EMPTY).endCell(),
        ],
    ])('with %s is refused', async (_, cell) => {
        expect((await captureError(() => snakeToBytes(cell, 1_000))).code).toBe('payload_malformed');
    });
});

describe('payload cell', () => {
    const uri = { kind: 'uri', sha256: random(32), size: 100_000, url: 'https://example.com/ä' } as const;

    it('carries a batch inline', () => {
        const bytes = random(16_384);
        expect(decodePayload(encodePayload({ kind: 'inline', bytes }))).toEqual({ kind: 'inline', bytes });
    });

    it('carries a URI', () => {
        expect(decodePayload(encodePayload(uri))).toEqual(uri);
    });

    it('refuses to carry more than its place allows', async () => {
        const inline = { kind: 'inline', bytes: random(16_385) } as const;
        expect((await captureError(() => encodePayload(inline))).code).toBe('payload_too_large');
        const long = { ...uri, url: `https://${'x'.repeat(1_020)}` };
        expect((await captureError(() => encodePayload(long))).code).toBe('payload_too_large');
        for (const bad of [
            { url: '' },
            { size: 0 },
            { size: 1.5 },
            { size: 2 ** 31 },
            { sha256: random(31) },
        ]) {
            expect((await captureError(() => encodePayload({ ...uri, ...bad }))).code).toBe(
                'invalid_argument',
            );
        }
    });

    const snake = bytesToSnake(random(10));
    const uriHead = () => beginCell().storeUint(2, 8).storeUint(1n, 256);
    it.each([
        ['nothing', Cell.EMPTY, 'payload_malformed'],
        ['an unknown tag', beginCell().storeUint(3, 8).storeRef(snake).endCell(), 'payload_malformed'],
        ['inline data without its reference', beginCell().storeUint(1, 8).endCell(), 'payload_malformed'],
        [
            'inline data and more',
            beginCell().storeUint(1, 8).storeUint(0, 1).storeRef(snake).endCell(),
            'payload_malformed',
        ],
        [
            'inline data over the limit',
            beginCell()
                .storeUint(1, 8)
                .storeRef(bytesToSnake(random(16_385)))
                .endCell(),
            'payload_too_large',
        ],
        ['a URI cut off', uriHead().storeRef(snake).endCell(), 'payload_malformed'],
        ['a URI of no bytes', uriHead().storeUint(1, 32).storeRef(Cell.EMPTY).endCell(), 'payload_malformed'],
        [
            'a URI that is not UTF-8',
            uriHead()
                .storeUint(1, 32)
                .storeRef(bytesToSnake(Uint8Array.of(0xc0)))
                .endCell(),
            'payload_malformed',
        ],
        ['a URI to an empty file', uriHead().storeUint(0, 32).storeRef(snake).endCell(), 'payload_too_large'],
        [
            'a URI to a huge file',
            uriHead().storeUint(0xffff_ffff, 32).storeRef(snake).endCell(),
            'payload_too_large',
        ],
    ])('with %s is refused', async (_, cell, code) => {
        expect((await captureError(() => decodePayload(cell))).code).toBe(code);
    });
});
