import type { SessionPrimitives } from '../crypto/primitives';

/**
 * Hash of an ordinary cell of whole bytes with at most one reference to a cell without references, computed from its
 * representation: building such a cell with a library costs more than the signature over it.
 */
export function ordinaryCellHash(
    primitives: Pick<SessionPrimitives, 'sha256'>,
    data: Uint8Array,
    child?: Uint8Array,
): Uint8Array {
    const size = data.length;
    const representation = new Uint8Array(2 + size + (child === undefined ? 0 : 34));
    representation[0] = child === undefined ? 0 : 1;
    representation[1] = 2 * size;
    representation.set(data, 2);
    // The two bytes of the child's depth stay zero.
    if (child !== undefined) representation.set(ordinaryCellHash(primitives, child), 2 + size + 2);
    return primitives.sha256(representation);
}
