import type { CocoonError } from '../../errors';
import { concatBytes } from '../../utils';
import { SessionFormatError, SessionUnreachableError } from '../errors';
import type { TransportResponse } from '../transport';
import { decodeRefusal } from '../wire/refusal';
import { MAX_SMALL_BODY_BYTES } from './limits';

/** The whole of a small body. Throws SessionFormatError for a large one. */
export async function readBody(response: TransportResponse): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of response.body) {
        size += part.length;
        if (size > MAX_SMALL_BODY_BYTES) throw new SessionFormatError('An answer of the node is too large.');
        parts.push(part);
    }
    return concatBytes(...parts);
}

/** The refusal that a response carries; SessionUnreachableError where it is none, as from a proxy in between. */
export async function readRefusal(response: TransportResponse): Promise<CocoonError> {
    const body = await readBody(response);
    try {
        return decodeRefusal(response.status, body, response.header('retry-after'));
    } catch (cause) {
        const details = { status: response.status };
        return new SessionUnreachableError(`The endpoint answered with status ${response.status}.`, {
            cause,
            details,
        });
    }
}
