import { beginCell, type Cell } from '@ton/core';
import { concatBytes, toBuffer } from '../utils';
import { PayloadFormatError, PayloadTooLargeError } from './errors';

const CELL_BYTES = 127;

/** Chains bytes through cells of 127 bytes, each referring to the next. */
export function bytesToSnake(bytes: Uint8Array): Cell {
    let next: Cell | undefined;
    const last = Math.max(0, Math.ceil(bytes.length / CELL_BYTES) - 1);
    for (let i = last; i >= 0; i--) {
        const builder = beginCell().storeBuffer(
            toBuffer(bytes.subarray(i * CELL_BYTES, (i + 1) * CELL_BYTES)),
        );
        if (next !== undefined) {
            builder.storeRef(next);
        }
        next = builder.endCell();
    }
    return next!;
}

/**
 * Reads a snake of at most `maxBytes`. Only the one encoding that bytesToSnake makes is accepted, so that
 * a cell tree cannot be deeper than its bytes need. Throws PayloadFormatError or PayloadTooLargeError.
 */
export function snakeToBytes(root: Cell, maxBytes: number): Uint8Array {
    const parts: Uint8Array[] = [];
    let size = 0;
    for (let cell: Cell | undefined = root; cell !== undefined; cell = cell.refs[0]) {
        if (cell.isExotic || cell.bits.length % 8 !== 0 || cell.refs.length > 1) {
            throw new PayloadFormatError('A cell of the payload is exotic, not byte-aligned, or branches.');
        }
        const length = cell.bits.length / 8;
        const hasNext = cell.refs.length === 1;
        if (hasNext ? length !== CELL_BYTES : length === 0 && parts.length > 0) {
            throw new PayloadFormatError('A cell of the payload is not filled up to its end.');
        }
        size += length;
        if (size > maxBytes) {
            throw new PayloadTooLargeError('Bytes in the payload cells', size, maxBytes);
        }
        parts.push(cell.beginParse().loadBuffer(length));
    }
    return concatBytes(...parts);
}
