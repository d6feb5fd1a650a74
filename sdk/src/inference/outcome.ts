import { AbortedError, type ErrorCode, isCocoonError } from '../errors';
import { SessionRefusedError, SessionViolationError } from '../session/errors';

/** What a failed attempt says about the node, and what helps. */
export type Outcome = {
    /** `failed` counts against the node, `busy` and `undecided` do not; `lied` bans it. */
    readonly node: 'failed' | 'busy' | 'undecided' | 'lied';
    /** For `busy`: when it may be asked again. */
    readonly retryMs?: number;
    /**
     * `next`: another node. `same`: the same one again, after what `repair` names. `stop`: nobody will do better.
     * `longer`: a node with a longer context.
     */
    readonly next: 'next' | 'same' | 'stop' | 'longer';
    readonly repair?: 'directory' | 'channel' | 'funds' | 'chain';
};

const NEXT: Outcome = { node: 'failed', next: 'next' };

/** By the refusal's code; the table of docs/spec/session.md. */
const REFUSALS: Readonly<Record<string, Outcome>> = {
    request_invalid: { node: 'undecided', next: 'stop' },
    context_too_long: { node: 'undecided', next: 'longer' },
    vault_unknown: { node: 'busy', retryMs: 1_000, next: 'same', repair: 'chain' },
    allocation_unknown: { node: 'busy', retryMs: 1_000, next: 'same', repair: 'chain' },
    terms_unknown: { node: 'busy', retryMs: 600_000, next: 'next' },
    model_unknown: { node: 'busy', retryMs: 60_000, next: 'next' },
    price_changed: { node: 'undecided', next: 'same', repair: 'directory' },
    key_unknown: { node: 'undecided', next: 'same', repair: 'directory' },
    sequence_used: { node: 'undecided', next: 'same' },
    sequence_too_old: { node: 'undecided', next: 'same' },
    allocation_released: { node: 'undecided', next: 'same', repair: 'channel' },
    draining: { node: 'busy', retryMs: 60_000, next: 'next' },
    chain_unavailable: { node: 'busy', retryMs: 10_000, next: 'next' },
};

const DEFAULT_BUSY_MS = 2_000;

/** Judges an error of an attempt that has delivered nothing. */
export function outcomeOf(error: unknown): Outcome {
    if (error instanceof SessionViolationError) return { node: 'lied', next: 'next' };
    if (error instanceof AbortedError) return { node: 'undecided', next: 'stop' };
    if (isCocoonError(error, 'session_allocation_spent'))
        return { node: 'undecided', next: 'same', repair: 'funds' };
    if (hasCause(error, 'channel_lease_lost')) return { node: 'undecided', next: 'same', repair: 'channel' };
    // Without its marks nothing can be signed, for any node.
    if (isCocoonError(error, 'session_store_failed')) return { node: 'undecided', next: 'stop' };
    if (isCocoonError(error, 'invalid_argument')) return { node: 'undecided', next: 'stop' };
    if (!(error instanceof SessionRefusedError)) return NEXT;
    if (error.refusal === 'node_busy') {
        const { retryAfterSeconds } = error;
        const retryMs = retryAfterSeconds === undefined ? DEFAULT_BUSY_MS : 1_000 * retryAfterSeconds;
        return { node: 'busy', retryMs, next: 'next' };
    }
    return REFUSALS[error.refusal] ?? NEXT;
}

/** Whether an error with this code is in the chain of causes. */
function hasCause(error: unknown, code: ErrorCode): boolean {
    return (
        isCocoonError(error) &&
        error.find((cause): cause is Error => isCocoonError(cause, code)) !== undefined
    );
}
