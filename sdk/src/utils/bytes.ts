import { Address } from '@ton/core';
import { InvalidArgumentError } from '../errors';

/** Joins byte arrays. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
    const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let offset = 0;
    for (const part of parts) {
        out.set(part, offset);
        offset += part.length;
    }
    return out;
}

/** Compares without leaving early, so that the time says nothing about where a difference is. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
    if (a.length !== b.length) {
        return false;
    }
    let difference = 0;
    for (let i = 0; i < a.length; i++) {
        difference |= a[i]! ^ b[i]!;
    }
    return difference === 0;
}

export function bytesToHex(bytes: Uint8Array): string {
    let hex = '';
    for (const byte of bytes) {
        hex += byte.toString(16).padStart(2, '0');
    }
    return hex;
}

/** Parses an even number of hex digits. Throws InvalidArgumentError for anything else. */
export function hexToBytes(hex: string): Uint8Array {
    if (hex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(hex)) {
        throw new InvalidArgumentError('A hex string must have an even number of hex digits.');
    }
    return Uint8Array.from({ length: hex.length / 2 }, (_, i) =>
        Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
    );
}

/** Decodes standard base64. Throws InvalidArgumentError. */
export function base64ToBytes(base64: string): Uint8Array {
    let binary: string;
    try {
        binary = atob(base64);
    } catch (cause) {
        throw new InvalidArgumentError('This is not base64.', { cause });
    }
    return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

const utf8Encoder = new TextEncoder();

export function utf8ToBytes(text: string): Uint8Array {
    return utf8Encoder.encode(text);
}

/** Decodes UTF-8 strictly; undefined where the bytes are not valid UTF-8. */
export function bytesToUtf8(bytes: Uint8Array): string | undefined {
    try {
        // ignoreBOM keeps a byte order mark in the text, so that decoding never changes what was committed.
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
        return undefined;
    }
}

/** Big-endian unsigned integer of `width` bytes. */
export function uintBytes(value: number | bigint, width: number): Uint8Array {
    const n = BigInt(value);
    if (n < 0n || n >= 1n << BigInt(8 * width)) {
        throw new InvalidArgumentError(`${n} does not fit into ${8 * width} unsigned bits.`);
    }
    return Uint8Array.from({ length: width }, (_, i) => Number((n >> BigInt(8 * (width - 1 - i))) & 0xffn));
}

/** Big-endian two's complement integer of `width` bytes. */
export function intBytes(value: number, width: number): Uint8Array {
    const n = BigInt(value);
    const half = 1n << BigInt(8 * width - 1);
    if (n < -half || n >= half) {
        throw new InvalidArgumentError(`${n} does not fit into ${8 * width} signed bits.`);
    }
    return uintBytes(n < 0n ? n + 2n * half : n, width);
}

/** A hash or key of 32 bytes as the 256-bit integer that contracts have. */
export function hashToInteger(hash: Uint8Array): bigint {
    if (hash.length !== 32) {
        throw new InvalidArgumentError(`A hash has 32 bytes, not ${hash.length}.`);
    }
    return BigInt(`0x${bytesToHex(hash)}`);
}

/** The 32 bytes of a 256-bit integer from a contract. */
export function integerToHash(integer: bigint): Uint8Array {
    return uintBytes(integer, 32);
}

/** A copy with an ArrayBuffer of its own, as WebCrypto and fetch want it. */
export function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
    const copy = new ArrayBuffer(bytes.length);
    new Uint8Array(copy).set(bytes);
    return copy;
}

/** A view as Buffer where @ton/core insists on one. */
export function toBuffer(bytes: Uint8Array): Buffer {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Address of a basechain account id of 32 bytes. */
export function accountAddress(account: Uint8Array): Address {
    return new Address(0, toBuffer(account));
}
