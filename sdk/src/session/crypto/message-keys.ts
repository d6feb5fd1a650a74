import { concatBytes, utf8ToBytes } from '../../utils';
import type { SessionPrimitives } from './primitives';

const LABELS = { request: utf8ToBytes('request'), response: utf8ToBytes('response') };
const ONE = Uint8Array.of(1);
const NO_SALT = new Uint8Array(32);
// kind ‖ vault ‖ slot ‖ generation ‖ sequence ‖ counter lie together in the head of an envelope.
const INFO_START = 1;
const INFO_END = 55;

/** HKDF-Extract of a session's secret without salt; done once for all its messages. */
export function extractKey(primitives: SessionPrimitives, secret: Uint8Array): Uint8Array {
    return primitives.hmacSha256(NO_SALT, secret);
}

/** HKDF-Expand to the 32 bytes that seal one direction of the message with this envelope head. */
export function messageKey(
    primitives: SessionPrimitives,
    extracted: Uint8Array,
    label: keyof typeof LABELS,
    head: Uint8Array,
): Uint8Array {
    return primitives.hmacSha256(
        extracted,
        concatBytes(LABELS[label], head.subarray(INFO_START, INFO_END), ONE),
    );
}
