import { SessionFormatError } from '../errors';
import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';
import { ENVELOPE_KIND, type EnvelopeKind, MAX_ENVELOPE_BYTES, PROTOCOL_VERSION } from './limits';

/** What an envelope says in the clear. */
export type EnvelopeHeader = {
    readonly kind: EnvelopeKind;
    readonly vault: Uint8Array;
    readonly slot: number;
    readonly generation: bigint;
    readonly sequence: bigint;
    /** Attempt of a request, chunk of a payment, else 0. */
    readonly counter: number;
};

/** An envelope taken apart, still sealed. All bytes are views of what was decoded. */
export type Envelope = {
    readonly header: EnvelopeHeader;
    /** First 8 bytes of SHA-256 of the recipient's public key. */
    readonly keyId: Uint8Array;
    readonly enc: Uint8Array;
    /** All bytes before the ciphertext. */
    readonly head: Uint8Array;
    readonly ciphertext: Uint8Array;
};

const ENVELOPE_HEAD_BYTES = 95;
const KINDS = Object.entries(ENVELOPE_KIND) as [EnvelopeKind, number][];

/** The bytes before the ciphertext. */
export function encodeEnvelopeHead(header: EnvelopeHeader, keyId: Uint8Array, enc: Uint8Array): Uint8Array {
    return new ByteWriter(ENVELOPE_HEAD_BYTES)
        .u8(PROTOCOL_VERSION)
        .u8(ENVELOPE_KIND[header.kind])
        .raw(header.vault, 32)
        .u8(header.slot)
        .u64(header.generation)
        .u64(header.sequence)
        .u32(header.counter)
        .raw(keyId, 8)
        .raw(enc, 32).bytes;
}

/** Takes an envelope apart without opening it. Throws SessionFormatError. */
export function decodeEnvelope(bytes: Uint8Array): Envelope {
    if (bytes.length > MAX_ENVELOPE_BYTES) {
        throw new SessionFormatError(`An envelope of ${bytes.length} bytes is over ${MAX_ENVELOPE_BYTES}.`);
    }
    const reader = new ByteReader(bytes, 'an envelope');
    const version = reader.u8();
    if (version !== PROTOCOL_VERSION) {
        throw new SessionFormatError(`Envelope version ${version} is not known.`, 'protocol_unsupported');
    }
    const tag = reader.u8();
    const kind = KINDS.find(([, value]) => value === tag)?.[0];
    if (kind === undefined) throw new SessionFormatError(`Envelope kind ${tag} is not known.`);
    const header = {
        kind,
        vault: reader.raw(32),
        slot: reader.u8(),
        generation: reader.u64(),
        sequence: reader.u64(),
        counter: reader.u32(),
    };
    const keyId = reader.raw(8);
    const enc = reader.raw(32);
    return { header, keyId, enc, head: bytes.subarray(0, ENVELOPE_HEAD_BYTES), ciphertext: reader.rest() };
}
