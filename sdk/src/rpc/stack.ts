import { Cell, type TupleItem } from '@ton/core';
import { InvalidArgumentError } from '../errors';
import { RpcResponseError } from './errors';

/** Arguments of a get method in toncenter's notation. */
export function encodeStack(items: readonly TupleItem[]): [string, string][] {
    return items.map((item) => {
        switch (item.type) {
            case 'int':
                return ['num', item.value.toString()];
            case 'cell':
                return ['tvm.Cell', item.cell.toBoc().toString('base64')];
            case 'slice':
                return ['tvm.Slice', item.cell.toBoc().toString('base64')];
            default:
                throw new InvalidArgumentError(
                    `The TON HTTP API takes no ${item.type} as argument of a get method.`,
                );
        }
    });
}

/** The stack that a get method left, from toncenter's notation. Throws RpcResponseError. */
export function decodeStack(stack: unknown): TupleItem[] {
    if (!Array.isArray(stack)) throw malformed();
    return stack.map((entry) => {
        if (!Array.isArray(entry) || typeof entry[0] !== 'string') throw malformed();
        return decodeEntry(entry[0], entry[1]);
    });
}

function decodeEntry(type: string, value: unknown): TupleItem {
    switch (type) {
        case 'num':
            return { type: 'int', value: parseInteger(value) };
        case 'null':
            return { type: 'null' };
        case 'cell':
        case 'slice':
        case 'builder':
            return { type, cell: parseCell(member(value, 'bytes')) };
        case 'tuple':
        case 'list':
            return decodeElements(member(value, 'elements'));
        default:
            throw malformed();
    }
}

/** Entries within tuples have a notation of their own. */
function decodeElement(value: unknown): TupleItem {
    switch (member(value, '@type')) {
        case 'tvm.stackEntryNumber':
            return { type: 'int', value: parseInteger(member(member(value, 'number'), 'number')) };
        case 'tvm.stackEntryCell':
            return { type: 'cell', cell: parseCell(member(member(value, 'cell'), 'bytes')) };
        case 'tvm.stackEntrySlice':
            return { type: 'slice', cell: parseCell(member(member(value, 'slice'), 'bytes')) };
        case 'tvm.stackEntryTuple':
            return decodeElements(member(member(value, 'tuple'), 'elements'));
        case 'tvm.stackEntryList':
            return decodeElements(member(member(value, 'list'), 'elements'));
        case 'tvm.stackEntryUnsupported':
        case 'tvm.stackEntryNull':
            return { type: 'null' };
        default:
            throw malformed();
    }
}

function decodeElements(elements: unknown): TupleItem {
    if (!Array.isArray(elements)) throw malformed();
    // An empty list is null in the TVM.
    return elements.length === 0 ? { type: 'null' } : { type: 'tuple', items: elements.map(decodeElement) };
}

function parseInteger(value: unknown): bigint {
    if (typeof value !== 'string' || !/^-?(0x[0-9a-fA-F]+|\d+)$/.test(value)) throw malformed();
    return value.startsWith('-') ? -BigInt(value.slice(1)) : BigInt(value);
}

function parseCell(value: unknown): Cell {
    if (typeof value !== 'string') throw malformed();
    try {
        return Cell.fromBase64(value);
    } catch (cause) {
        throw malformed(cause);
    }
}

function member(value: unknown, key: string): unknown {
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function malformed(cause?: unknown): RpcResponseError {
    return new RpcResponseError('a stack that cannot be read', 200, false, { cause });
}
