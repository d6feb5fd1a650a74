import { bytesToHex, hexToBytes } from '../../utils';
import { SessionFormatError } from '../errors';
import { MAX_U64 } from './limits';

export const hexOf = bytesToHex;

/** A u64 as a decimal string. */
export function parseAmount(value: unknown, field: string): bigint {
    if (typeof value === 'string' && /^(0|[1-9]\d{0,19})$/.test(value)) {
        const amount = BigInt(value);
        if (amount <= MAX_U64) return amount;
    }
    throw new SessionFormatError(`${field} is not a u64 as a decimal string.`);
}

/** `length` bytes as hex. */
export function parseHex(value: unknown, length: number, field: string): Uint8Array {
    if (typeof value === 'string' && value.length === 2 * length && /^[0-9a-fA-F]*$/.test(value)) {
        return hexToBytes(value);
    }
    throw new SessionFormatError(`${field} is not ${length} bytes as hex.`);
}

/** An integer from `min` to `max`. */
export function parseInteger(value: unknown, field: string, min: number, max: number): number {
    if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max)
        return value as number;
    throw new SessionFormatError(`${field} is not an integer from ${min} to ${max}.`);
}
