import { Address, Cell } from '@ton/core';
import type { RawAddress } from '../chain/types';
import { badAddress, invalidParameter } from './errors';

/** Parameters of one call, checked as they are read. A query string gives text only, so numbers may be text. */
export class Params {
    constructor(private readonly values: Readonly<Record<string, unknown>>) {}

    has(name: string): boolean {
        const value = this.values[name];
        return value !== undefined && value !== null && value !== '';
    }

    raw(name: string): unknown {
        return this.values[name];
    }

    string(name: string): string {
        if (!this.has(name)) throw invalidParameter(`missing parameter: ${name}`);
        const value = this.values[name];
        if (typeof value !== 'string' && typeof value !== 'number') {
            throw invalidParameter(`${name} must be a string`);
        }
        return String(value);
    }

    integer(name: string, fallback?: number, min = 0, max = Number.MAX_SAFE_INTEGER): number {
        if (!this.has(name) && fallback !== undefined) return fallback;
        const value = Number(this.string(name));
        if (!Number.isSafeInteger(value) || value < min || value > max) {
            throw invalidParameter(`${name} must be a whole number from ${min} to ${max}`);
        }
        return value;
    }

    number(name: string): number {
        const value = Number(this.string(name));
        if (!Number.isFinite(value)) throw invalidParameter(`${name} must be a number`);
        return value;
    }

    bigint(name: string, fallback?: bigint): bigint {
        if (!this.has(name) && fallback !== undefined) return fallback;
        const value = this.string(name);
        if (!/^-?\d+$/.test(value)) throw invalidParameter(`${name} must be a whole number`);
        return BigInt(value);
    }

    boolean(name: string, fallback: boolean): boolean {
        if (!this.has(name)) return fallback;
        const value = this.values[name];
        if (value === true || value === 'true' || value === 1 || value === '1') return true;
        if (value === false || value === 'false' || value === 0 || value === '0') return false;
        throw invalidParameter(`${name} must be true or false`);
    }

    address(name: string): RawAddress {
        try {
            return Address.parse(this.string(name)).toRawString();
        } catch {
            throw badAddress();
        }
    }

    cell(name: string): Cell {
        try {
            return Cell.fromBoc(this.bytes(name))[0]!;
        } catch {
            throw invalidParameter(`${name} is not a bag of cells in base64`);
        }
    }

    /** Base64, ordinary or URL-safe; a query string turns `+` into a space. */
    bytes(name: string): Buffer {
        return Buffer.from(this.string(name).replace(/ /g, '+'), 'base64');
    }

    /** 32 bytes as hex or base64. */
    hash(name: string): Buffer {
        const value = this.string(name);
        const hash = /^[0-9a-f]{64}$/i.test(value) ? Buffer.from(value, 'hex') : this.bytes(name);
        if (hash.length !== 32) throw invalidParameter(`${name} must be a hash: 32 bytes as hex or base64`);
        return hash;
    }
}
