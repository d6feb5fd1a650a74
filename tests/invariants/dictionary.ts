import type { Bag, Reader } from './boc';

/** Keys and leaves of a dictionary, in the order of the keys. */
export function* leavesOf(
    bag: Bag,
    cell: number,
    keyBits: number,
    prefix = 0,
): Generator<[key: number, leaf: Reader]> {
    const node = bag.read(cell);
    const { length, bits } = readLabel(node, keyBits);
    const key = prefix * 2 ** length + bits;
    const left = keyBits - length;
    if (left === 0) {
        yield [key, node];
        return;
    }
    yield* leavesOf(bag, node.loadRef(), left - 1, 2 * key);
    yield* leavesOf(bag, node.loadRef(), left - 1, 2 * key + 1);
}

/** hml_short, hml_long or hml_same of block.tlb. */
function readLabel(node: Reader, keyBits: number): { length: number; bits: number } {
    const width = Math.ceil(Math.log2(keyBits + 1));
    if (!node.loadBit()) {
        let length = 0;
        while (node.loadBit()) length += 1;
        return { length, bits: node.loadUint(length) };
    }
    if (!node.loadBit()) {
        const length = node.loadUint(width);
        return { length, bits: node.loadUint(length) };
    }
    const bit = node.loadBit() ? 1 : 0;
    const length = node.loadUint(width);
    return { length, bits: bit * (2 ** length - 1) };
}
