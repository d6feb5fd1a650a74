import { utf8ToBytes } from '../../utils';
import type { RunningSha256, SessionPrimitives } from '../crypto/primitives';
import { ByteWriter } from './byte-writer';
import { type SessionTask, taskTag } from './request-content';

const REQUEST = utf8ToBytes('cocoon request v1');
const RESPONSE = utf8ToBytes('cocoon response v1');

/** SHA-256(`cocoon request v1` ‖ salt ‖ task u8 ‖ JSON). */
export function hashRequest(
    primitives: SessionPrimitives,
    salt: Uint8Array,
    task: SessionTask,
    json: Uint8Array,
): Uint8Array {
    return primitives.sha256(
        new ByteWriter(REQUEST.length + 33 + json.length)
            .raw(REQUEST)
            .raw(salt, 32)
            .u8(taskTag(task))
            .raw(json).bytes,
    );
}

/** Hash of an answer as it grows: `cocoon response v1` ‖ salt ‖ (length u32 ‖ payload) of each delta. */
export class ResponseHash {
    private readonly hash: RunningSha256;

    constructor(primitives: SessionPrimitives, salt: Uint8Array) {
        this.hash = primitives.createSha256();
        this.hash.update(new ByteWriter(RESPONSE.length + 32).raw(RESPONSE).raw(salt, 32).bytes);
    }

    /** Adds the payload of a delta, or the JSON of the final frame. */
    add(payload: Uint8Array): void {
        this.hash.update(new ByteWriter(4 + payload.length).u32(payload.length).raw(payload).bytes);
    }

    /** Hash of all that was added. */
    digest(): Uint8Array {
        return this.hash.digest();
    }
}
