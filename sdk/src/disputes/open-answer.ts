import {
    decodeBody,
    decodeDelta,
    decodeFinalInfo,
    type FinalInfo,
    type SessionDelta,
    type SessionTask,
} from '../session';
import { bytesToUtf8 } from '../utils';
import { type DisclosedAnswer, type DisclosureFault, fault } from './judged';

export type OpenDisclosedAnswerParameters = {
    readonly modelId: bigint;
    /** Of DiscloseRequest, whose hash the contract compared with the receipt. */
    readonly task: number;
    readonly json: Uint8Array;
    /** Of DiscloseResponse: each delta with its length before it. */
    readonly deltas: Uint8Array;
};

const TASKS: readonly SessionTask[] = ['chat', 'completion', 'embedding'];

/**
 * Reads a disclosed session answer. Pure. The node signed both hashes, so that a request that is none is the accuser's fault,
 * and an answer that is none the node's.
 */
export function openDisclosedAnswer(
    parameters: OpenDisclosedAnswerParameters,
): DisclosedAnswer | DisclosureFault {
    const task = TASKS[parameters.task - 1];
    if (task === undefined) return fault('accuser', 'request_invalid');
    let body: Record<string, unknown>;
    try {
        body = decodeBody(parameters.json);
    } catch {
        return fault('accuser', 'request_invalid');
    }
    try {
        const { deltas, final } = readDeltas(parameters.deltas);
        return { kind: 'session', modelId: parameters.modelId, task, body, deltas, final };
    } catch {
        return fault('accused', 'answer_invalid');
    }
}

/** The payloads of a disclosed answer. Throws where lengths and bytes do not agree. */
export function splitDeltas(bytes: Uint8Array): Uint8Array[] {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const payloads: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
        const length = view.getUint32(at);
        if (at + 4 + length > bytes.length) throw new RangeError('A delta is cut off.');
        payloads.push(bytes.slice(at + 4, at + 4 + length));
        at += 4 + length;
    }
    return payloads;
}

function readDeltas(bytes: Uint8Array): { deltas: SessionDelta[]; final: FinalInfo | undefined } {
    const payloads = splitDeltas(bytes);
    const last = payloads.at(-1);
    // The last frame's JSON is hashed as if it were one more delta; only it says why the model stopped.
    const ended = last !== undefined && 'finish' in JSON.parse(bytesToUtf8(last) ?? '');
    return {
        deltas: (ended ? payloads.slice(0, -1) : payloads).map(decodeDelta),
        final: ended ? decodeFinalInfo(last) : undefined,
    };
}
