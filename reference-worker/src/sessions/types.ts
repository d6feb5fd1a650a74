/** A call of the session protocol (docs/spec/session.md), whatever brought it here: a socket or a relay. */
export interface SessionCall {
    method: string;
    /** Path with the leading slash, without a query. */
    path: string;
    /** The whole body; empty for GET and OPTIONS. At most `MAX_BODY_BYTES`. */
    body: Uint8Array;
    /** Fires when the caller is gone. A request that nobody reads any more is ended after a moment. */
    signal: AbortSignal;
}

/** What goes back. A body that is an iterable is a stream of frames: each piece is passed on as soon as it comes. */
export interface SessionAnswer {
    status: number;
    /** Lower-case names, those of CORS included. */
    headers: Record<string, string>;
    body: Uint8Array | AsyncIterable<Uint8Array>;
}

/** Answers calls. Never rejects: what goes wrong is an answer too. */
export interface SessionHandler {
    handle(call: SessionCall): Promise<SessionAnswer>;
}

export const MAX_BODY_BYTES = 4 * 1024 * 1024;
