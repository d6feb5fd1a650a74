/** How patient a client is. */
export type SessionPatience = {
    /** Longest silence of a node that was asked, milliseconds. */
    readonly silenceMs: number;
    /** How often the same bytes are sent again after a broken connection. */
    readonly resends: number;
};

export const DEFAULT_PATIENCE: SessionPatience = { silenceMs: 60_000, resends: 2 };
/** First pause before sending again, milliseconds; doubles. */
export const RESEND_PAUSE_MS = 50;
/** How often one request is sealed anew after refusals. */
export const MAX_ATTEMPTS = 4;
/** Largest body of a refusal or a node's description that is read, bytes. */
export const MAX_SMALL_BODY_BYTES = 256 * 1024;
