import { concatBytes } from '../../utils';
import type { SessionPrimitives } from '../crypto/primitives';
import { SessionFormatError } from '../errors';
import {
    decodeDelta,
    decodeFailure,
    decodeFinalInfo,
    type FailureInfo,
    type FinalInfo,
    type SessionDelta,
} from './delta';
import { decodeReceipt, RECEIPT_BYTES, type Receipt } from './receipt';

/** Types of frames. */
export const FRAME_TYPE = { delta: 1, receipt: 2, final: 3, failure: 4, reply: 5 } as const;
/** Name of a frame's type. */
export type FrameType = keyof typeof FRAME_TYPE;

/** A frame in the clear. `payload` is what hashes are over. */
export type Frame = { readonly type: FrameType; readonly payload: Uint8Array };

/** What a frame of an answer says. `json` of a final frame is what the response hash takes in. */
export type AnswerFrame =
    | { readonly type: 'delta'; readonly payload: Uint8Array; readonly delta: SessionDelta }
    | { readonly type: 'receipt'; readonly bytes: Uint8Array; readonly receipt: Receipt }
    | {
          readonly type: 'final';
          readonly bytes: Uint8Array;
          readonly receipt: Receipt;
          readonly json: Uint8Array;
          readonly info: FinalInfo;
      }
    | { readonly type: 'failure'; readonly failure: FailureInfo };

const TYPES = new Map(Object.entries(FRAME_TYPE).map(([name, tag]) => [tag as number, name as FrameType]));

/** Whether nothing follows a frame of this type. */
export function isLastFrame(type: FrameType): boolean {
    return type === 'final' || type === 'failure' || type === 'reply';
}

/** The nonce of a frame: 4 zero bytes ‖ its number u64. */
export function frameNonce(number: number): Uint8Array {
    const nonce = new Uint8Array(12);
    new DataView(nonce.buffer).setBigUint64(4, BigInt(number));
    return nonce;
}

/** Seals the frames of one answer in their order. One sealer per response key, ever: a second one would reuse nonces. */
export class FrameSealer {
    private number = 0;

    constructor(
        private readonly primitives: SessionPrimitives,
        private readonly responseKey: Uint8Array,
    ) {}

    /** length u32 ‖ ciphertext. */
    seal(type: FrameType, ...payload: readonly Uint8Array[]): Uint8Array {
        const plaintext = concatBytes(Uint8Array.of(FRAME_TYPE[type]), ...payload);
        const ciphertext = this.primitives.seal(this.responseKey, frameNonce(this.number++), plaintext);
        const out = new Uint8Array(4 + ciphertext.length);
        new DataView(out.buffer).setUint32(0, ciphertext.length);
        out.set(ciphertext, 4);
        return out;
    }
}

/** Splits the plaintext of a frame. Throws SessionFormatError. */
export function parseFrame(plaintext: Uint8Array): Frame {
    const type = TYPES.get(plaintext[0] ?? 0);
    if (type === undefined) throw new SessionFormatError(`Frame type ${plaintext[0]} is not known.`);
    return { type, payload: plaintext.subarray(1) };
}

/** Reads a frame of an answer. Throws SessionFormatError. */
export function parseAnswerFrame({ type, payload }: Frame): AnswerFrame {
    switch (type) {
        case 'delta':
            return { type, payload, delta: decodeDelta(payload) };
        case 'receipt':
            return { type, bytes: payload, receipt: decodeReceipt(payload) };
        case 'final': {
            const bytes = payload.subarray(0, RECEIPT_BYTES);
            const json = payload.subarray(RECEIPT_BYTES);
            return { type, bytes, receipt: decodeReceipt(bytes), json, info: decodeFinalInfo(json) };
        }
        case 'failure':
            return { type, failure: decodeFailure(payload) };
        case 'reply':
            throw new SessionFormatError('A frame of an answer has the type of a reply.');
    }
}
