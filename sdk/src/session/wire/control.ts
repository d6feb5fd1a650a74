import { utf8ToBytes } from '../../utils';
import type { SessionPrimitives } from '../crypto/primitives';
import { SessionFormatError } from '../errors';
import type { RequestRef } from './allocation-ref';
import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';
import { isObject, jsonBytes, parseJson } from './json';
import { ENVELOPE_KIND } from './limits';
import { hexOf, parseAmount, parseHex } from './text-fields';

/** The two calls that are signed by themselves. */
export type ControlKind = 'state' | 'release';

/** Content of a state or release envelope. `time` in Unix seconds. */
export type ControlContent = { readonly time: number; readonly signature: Uint8Array };

/** What a node answers to `state` and `release`. Amounts in nanoTON. */
export type AllocationStatus = {
    /** Of the highest voucher that the node holds; 0 without one. */
    readonly cumulative: bigint;
    readonly signature: Uint8Array | null;
    readonly owed: bigint;
    readonly highestSequence: bigint;
    readonly releasing: boolean;
};

const DOMAIN = utf8ToBytes('cocoon control v1');

/** The hash that a control call signs. */
export function hashControl(
    primitives: Pick<SessionPrimitives, 'sha256'>,
    kind: ControlKind,
    ref: RequestRef,
    time: number,
): Uint8Array {
    return primitives.sha256(
        new ByteWriter(DOMAIN.length + 1 + 4 + 32 + 32 + 1 + 8 + 8 + 4)
            .raw(DOMAIN)
            .u8(ENVELOPE_KIND[kind])
            .i32(ref.networkId)
            .raw(ref.node, 32)
            .raw(ref.vault, 32)
            .u8(ref.slot)
            .u64(ref.generation)
            .u64(ref.sequence)
            .u32(time).bytes,
    );
}

export function signControl(
    primitives: SessionPrimitives,
    voucherSecretKey: Uint8Array,
    kind: ControlKind,
    ref: RequestRef,
    time: number,
): ControlContent {
    return {
        time,
        signature: primitives.signEd25519(hashControl(primitives, kind, ref, time), voucherSecretKey),
    };
}

/** Whether the signature is right; the time is the caller's to check. */
export function verifyControl(
    primitives: SessionPrimitives,
    voucherKey: Uint8Array,
    kind: ControlKind,
    ref: RequestRef,
    content: ControlContent,
): boolean {
    const hash = hashControl(primitives, kind, ref, content.time);
    return primitives.verifyEd25519(hash, content.signature, voucherKey);
}

export function encodeControlContent(content: ControlContent): Uint8Array {
    return new ByteWriter(68).u32(content.time).raw(content.signature, 64).bytes;
}

/** Throws SessionFormatError. */
export function decodeControlContent(bytes: Uint8Array): ControlContent {
    const reader = new ByteReader(bytes, 'a control call', 'request_invalid');
    const content = { time: reader.u32(), signature: reader.raw(64) };
    reader.end();
    return content;
}

export function encodeAllocationStatus(status: AllocationStatus): Uint8Array {
    return jsonBytes({
        cumulative: status.cumulative.toString(),
        signature: status.signature === null ? null : hexOf(status.signature),
        owed: status.owed.toString(),
        highestSequence: status.highestSequence.toString(),
        releasing: status.releasing,
    });
}

/** Throws SessionFormatError. */
export function decodeAllocationStatus(payload: Uint8Array): AllocationStatus {
    const value = parseJson(payload, 'a state');
    if (!isObject(value)) throw new SessionFormatError('A state is not a JSON object.');
    return {
        cumulative: parseAmount(value.cumulative, 'cumulative'),
        signature: value.signature === null ? null : parseHex(value.signature, 64, 'signature'),
        owed: parseAmount(value.owed, 'owed'),
        highestSequence: parseAmount(value.highestSequence, 'highestSequence'),
        releasing: value.releasing === true,
    };
}
