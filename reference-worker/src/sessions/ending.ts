import { EngineError } from '../engines';

/** Why a request ended before its answer was complete; the code of its last frame. */
export type EndCode = 'payment_required' | 'engine_failed' | 'abandoned' | 'draining';

const MESSAGES: Record<EndCode, string> = {
    payment_required: 'The next chunk was not paid in time.',
    engine_failed: 'The engine failed; ask another node.',
    abandoned: 'Nobody was reading the answer any more.',
    draining: 'The node is shutting down.',
};

/** Ends a request on purpose. */
export class Ended extends Error {
    constructor(readonly code: EndCode) {
        super(MESSAGES[code]);
        this.name = 'Ended';
    }
}

/** What the client is told, in words of ours: an engine's message may hold what nobody else should read. */
export function endingOf(error: unknown, reason: unknown): { code: EndCode; message: string } {
    const ended = error instanceof Ended ? error : reason instanceof Ended ? reason : undefined;
    const code = ended?.code ?? 'engine_failed';
    return { code, message: MESSAGES[code] };
}

/** What operators are told: the code alone. */
export function logCode(error: unknown): string {
    if (error instanceof Ended || error instanceof EngineError) return error.code;
    return error instanceof Error ? error.name : 'unknown';
}
