/**
 * Makes other weights of a GGUF file: enough of the format to find the Q8_0 tensors. One block is a half float (the scale) and 32
 * signed bytes.
 */
const BLOCK = 34;
const Q8_0 = 8;
const SIZES: Record<number, number> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };
const STRING = 8;
const ARRAY = 9;

class Reader {
    position = 0;
    constructor(readonly bytes: Buffer) {}

    u32(): number {
        this.position += 4;
        return this.bytes.readUInt32LE(this.position - 4);
    }

    u64(): number {
        this.position += 8;
        return Number(this.bytes.readBigUInt64LE(this.position - 8));
    }

    text(): string {
        const length = this.u64();
        this.position += length;
        return this.bytes.toString('utf8', this.position - length, this.position);
    }

    /** Reads over a value; a u32 is told. */
    value(type: number): number | undefined {
        if (type === STRING) this.text();
        else if (type === ARRAY) {
            const element = this.u32();
            for (let left = this.u64(); left > 0; left--) this.value(element);
        } else if (type === 4) return this.u32();
        else this.position += SIZES[type]!;
        return undefined;
    }
}

/** Offsets of all Q8_0 blocks. */
function blocks(bytes: Buffer): number[] {
    const reader = new Reader(bytes);
    reader.position = 8;
    const tensors = reader.u64();
    let alignment = 32;
    for (let left = reader.u64(); left > 0; left--) {
        const key = reader.text();
        const value = reader.value(reader.u32());
        if (key === 'general.alignment') alignment = value!;
    }
    const found: { offset: number; count: number }[] = [];
    for (let index = 0; index < tensors; index++) {
        reader.text();
        let elements = 1;
        for (let left = reader.u32(); left > 0; left--) elements *= reader.u64();
        const type = reader.u32();
        const offset = reader.u64();
        if (type === Q8_0) found.push({ offset, count: elements / 32 });
    }
    const start = Math.ceil(reader.position / alignment) * alignment;
    return found.flatMap(({ offset, count }) =>
        Array.from({ length: count }, (_, index) => start + offset + index * BLOCK),
    );
}

/** A copy of a Q8_0 file with other weights. @param change new value, −127 … 127, of each weight, given its block's scale. */
export function otherWeights(file: Buffer, change: (weight: number, scale: number) => number): Buffer {
    const copy = Buffer.from(file);
    for (const block of blocks(copy)) {
        const scale = halfFloat(copy.readUInt16LE(block));
        for (let at = block + 2; at < block + BLOCK; at++) {
            const value = Math.round(change(copy.readInt8(at), scale));
            copy.writeInt8(Math.max(-127, Math.min(127, value)), at);
        }
    }
    return copy;
}

/** Rounds to fewer bits, as a file of coarser quantisation would hold the same weights. */
export function coarser(bits: number): (weight: number) => number {
    const step = 2 ** (8 - bits);
    return (weight) => Math.round(weight / step) * step;
}

/** Moves each weight by the learning rate, up or down: as far as one step of the training's optimiser (Adam) goes. */
export function trainingStep(
    learningRate: number,
    random: () => number,
): (weight: number, scale: number) => number {
    return (weight, scale) => weight + ((random() < 0.5 ? -1 : 1) * learningRate) / scale;
}

function halfFloat(bits: number): number {
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    const value = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
    return bits & 0x8000 ? -value : value;
}
