import { isCocoonError } from '../../errors';

/** Whether sending the same bytes again may help: what breaks inside a transport has no code of ours. */
export function isBroken(error: unknown): boolean {
    if (!isCocoonError(error)) return true;
    return error.code === 'session_unreachable' || error.code === 'session_truncated';
}
