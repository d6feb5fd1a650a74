import { Cell, type TupleItem } from '@ton/core';
import { invalidParameter } from '../errors';
import { toBase64 } from './cells';

type StackEntryJson = [type: string, value: unknown];

/** A get method's results in toncenter's form. */
export function stackJson(stack: readonly TupleItem[]): StackEntryJson[] {
    return stack.map((item) => {
        switch (item.type) {
            case 'int':
                return ['num', hex(item.value)];
            case 'nan':
                return ['num', 'NaN'];
            case 'null':
                return ['list', { '@type': 'tvm.list', elements: [] }];
            case 'tuple':
                return ['tuple', { '@type': 'tvm.tuple', elements: item.items.map(nestedJson) }];
            default:
                return ['cell', { bytes: toBase64(item.cell), object: {} }];
        }
    });
}

/** Inside a tuple toncenter writes entries in another form. */
function nestedJson(item: TupleItem): unknown {
    switch (item.type) {
        case 'int':
            return {
                '@type': 'tvm.stackEntryNumber',
                number: { '@type': 'tvm.numberDecimal', number: String(item.value) },
            };
        case 'nan':
            return {
                '@type': 'tvm.stackEntryNumber',
                number: { '@type': 'tvm.numberDecimal', number: 'NaN' },
            };
        case 'null':
            return { '@type': 'tvm.stackEntryList', list: { '@type': 'tvm.list', elements: [] } };
        case 'tuple':
            return {
                '@type': 'tvm.stackEntryTuple',
                tuple: { '@type': 'tvm.tuple', elements: item.items.map(nestedJson) },
            };
        case 'cell':
            return {
                '@type': 'tvm.stackEntryCell',
                cell: { '@type': 'tvm.cell', bytes: toBase64(item.cell) },
            };
        default:
            return {
                '@type': 'tvm.stackEntrySlice',
                slice: { '@type': 'tvm.slice', bytes: toBase64(item.cell) },
            };
    }
}

/** Arguments of a get method: `[["num", "0x1f"], ["tvm.Cell", "te6…"], …]`. */
export function parseStack(value: unknown): TupleItem[] {
    if (value === undefined || value === null) return [];
    const entries: unknown = typeof value === 'string' ? parseJson(value) : value;
    if (!Array.isArray(entries)) throw invalidParameter('stack must be an array of [type, value] pairs');
    return entries.map(parseEntry);
}

function parseEntry(entry: unknown): TupleItem {
    if (!Array.isArray(entry)) throw invalidParameter('stack entries must be [type, value] pairs');
    const type = String(entry[0]).toLowerCase();
    const value: unknown = entry[1];
    if (type === 'num' || type === 'int') return { type: 'int', value: parseInteger(value) };
    if (type === 'null') return { type: 'null' };
    if (type.endsWith('cell')) return { type: 'cell', cell: parseCell(value) };
    if (type.endsWith('slice')) return { type: 'slice', cell: parseCell(value) };
    if (type.endsWith('builder')) return { type: 'builder', cell: parseCell(value) };
    throw invalidParameter(
        `unsupported stack entry type ${type}; use num, null, tvm.Cell, tvm.Slice or tvm.Builder`,
    );
}

function parseInteger(value: unknown): bigint {
    const text = String(value).trim();
    if (!/^-?(0x[0-9a-f]+|\d+)$/i.test(text))
        throw invalidParameter('a num on the stack must be a whole number');
    return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
}

function parseCell(value: unknown): Cell {
    const boc = typeof value === 'string' ? value : (value as { bytes?: unknown } | undefined)?.bytes;
    try {
        return Cell.fromBase64(String(boc));
    } catch {
        throw invalidParameter('a cell on the stack must be a bag of cells in base64');
    }
}

function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        throw invalidParameter('stack must be JSON');
    }
}

function hex(value: bigint): string {
    return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}
