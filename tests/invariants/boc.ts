import { BitReader, BitString } from '@ton/core';

/** One cell of a bag, not hashed. */
export interface RawCell {
    bits: BitString;
    refs: number[];
    /** Descriptors and data as they stand in the bag, without references. */
    bytes: Buffer;
}

/**
 * A bag of cells that nobody hashes: of the thousands that come out of the emulator only few are read, and the hashes would
 * be most of the work. Reads what the emulator writes: one root, no index.
 */
export class Bag {
    readonly cells: RawCell[] = [];
    readonly root: number;

    constructor(base64: string) {
        const data = Buffer.from(base64, 'base64');
        if (data.readUInt32BE(0) !== 0xb5ee9c72) throw new Error('This is no bag of cells.');
        const flags = data.readUInt8(4);
        const refSize = flags & 7;
        const offsetSize = data.readUInt8(5);
        const count = data.readUIntBE(6, refSize);
        const roots = data.readUIntBE(6 + refSize, refSize);
        let at = 6 + 3 * refSize + offsetSize;
        this.root = data.readUIntBE(at, refSize);
        at += roots * refSize + (flags & 0x80 ? count * offsetSize : 0);
        for (let i = 0; i < count; i++) {
            const refCount = data.readUInt8(at) & 7;
            const size = data.readUInt8(at + 1);
            const length = (size + 1) >> 1;
            const bytes = data.subarray(at, at + 2 + length);
            at += 2 + length;
            const refs: number[] = [];
            for (let ref = 0; ref < refCount; ref++, at += refSize) refs.push(data.readUIntBE(at, refSize));
            this.cells.push({ bits: bitsOf(bytes, size), refs, bytes });
        }
    }

    read(cell = this.root): Reader {
        const found = this.cells[cell];
        if (!found) throw new Error(`The bag has no cell ${cell}.`);
        return new Reader(found);
    }

    /** A bag with one cell and all below it. References point forward, so their order may stay. */
    subtree(root: number): Buffer {
        const wanted = new Map<number, number>();
        const collect = (cell: number) => {
            if (wanted.has(cell)) return;
            wanted.set(cell, 0);
            for (const ref of this.cells[cell]?.refs ?? []) collect(ref);
        };
        collect(root);
        const order = [...wanted.keys()].sort((a, b) => a - b);
        for (const [position, cell] of order.entries()) wanted.set(cell, position);
        const parts: Buffer[] = [];
        for (const cell of order) {
            const { bytes, refs } = this.cells[cell] as RawCell;
            const targets = Buffer.alloc(2 * refs.length);
            for (const [i, ref] of refs.entries()) targets.writeUInt16BE(wanted.get(ref) as number, 2 * i);
            parts.push(bytes, targets);
        }
        const content = Buffer.concat(parts);
        const header = Buffer.alloc(6 + 3 * 2 + 4 + 2);
        header.writeUInt32BE(0xb5ee9c72, 0);
        header.writeUInt8(2, 4); // two bytes a reference
        header.writeUInt8(4, 5);
        header.writeUInt16BE(order.length, 6);
        header.writeUInt16BE(1, 8);
        header.writeUInt32BE(content.length, 12);
        return Buffer.concat([header, content]);
    }
}

function bitsOf(bytes: Buffer, size: number): BitString {
    if (size % 2 === 0) return new BitString(bytes, 16, size * 4);
    let last = bytes[bytes.length - 1] as number;
    let padding = 1;
    while ((last & 1) === 0) {
        last >>= 1;
        padding += 1;
    }
    return new BitString(bytes, 16, (bytes.length - 2) * 8 - padding);
}

/** Bits and references in their order. */
export class Reader extends BitReader {
    private next = 0;

    constructor(private readonly cell: RawCell) {
        super(cell.bits);
    }

    loadRef(): number {
        const ref = this.cell.refs[this.next++];
        if (ref === undefined) throw new Error('The cell has no more references.');
        return ref;
    }

    loadMaybeRef(): number | undefined {
        return this.loadBit() ? this.loadRef() : undefined;
    }

    loadMaybeCoins(): bigint | undefined {
        return this.loadBit() ? this.loadCoins() : undefined;
    }
}
