/** Kinds of binary messages between relay and node. The same both ways. */
export const FrameType = {
    /** JSON: of the relay the call, of the node the head of its answer. */
    Open: 1,
    Data: 2,
    End: 3,
    Reset: 4,
    /** u32: bytes that the receiver has passed on. */
    Credit: 5,
} as const;
export type FrameType = (typeof FrameType)[keyof typeof FrameType];

/** Bytes of one direction of one stream that may be under way before credit comes back. */
export const WINDOW = 64 * 1024;
/** What a data frame costs beside its payload, so that empty frames are not free. */
export const FRAME_COST = 256;
export const MAX_PAYLOAD = 32 * 1024;
const MAX_HEAD = 8 * 1024;
const HEADER = 5;
export const MAX_FRAME = HEADER + MAX_PAYLOAD;

export interface Frame {
    type: FrameType;
    stream: number;
    payload: Uint8Array;
}

/** The other side does not speak the protocol: its connection is closed. */
export class ProtocolError extends Error {
    override readonly name = 'ProtocolError';
}

/** type u8 ‖ stream u32 ‖ payload */
export function encodeFrame(type: FrameType, stream: number, payload?: Uint8Array): Uint8Array {
    const frame = Buffer.allocUnsafe(HEADER + (payload?.length ?? 0));
    frame.writeUInt8(type, 0);
    frame.writeUInt32BE(stream, 1);
    if (payload) frame.set(payload, HEADER);
    return frame;
}

/** Throws ProtocolError. The payload is a view. */
export function decodeFrame(bytes: Uint8Array): Frame {
    if (bytes.length < HEADER || bytes.length > MAX_FRAME) throw new ProtocolError('frame of a wrong size');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const type = view.getUint8(0);
    if (type < FrameType.Open || type > FrameType.Credit) throw new ProtocolError('unknown frame');
    return { type: type as FrameType, stream: view.getUint32(1), payload: bytes.subarray(HEADER) };
}

export function creditPayload(bytes: number): Uint8Array {
    const payload = Buffer.allocUnsafe(4);
    payload.writeUInt32BE(bytes, 0);
    return payload;
}

/** Throws ProtocolError. */
export function creditOf(payload: Uint8Array): number {
    if (payload.length !== 4) throw new ProtocolError('credit of a wrong size');
    return new DataView(payload.buffer, payload.byteOffset, 4).getUint32(0);
}

/** Throws ProtocolError. */
export function headOf(payload: Uint8Array): unknown {
    if (payload.length > MAX_HEAD) throw new ProtocolError('head too large');
    try {
        return JSON.parse(Buffer.from(payload).toString());
    } catch {
        throw new ProtocolError('head that is no JSON');
    }
}
