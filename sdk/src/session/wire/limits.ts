/** Version byte of every envelope. */
export const PROTOCOL_VERSION = 1;
/** What an envelope is for. */
export const ENVELOPE_KIND = { request: 1, payment: 2, state: 3, release: 4 } as const;
/** Name of an envelope's kind. */
export type EnvelopeKind = keyof typeof ENVELOPE_KIND;
/** Largest body of a call, bytes. */
export const MAX_ENVELOPE_BYTES = 4 * 1024 * 1024;
/** Largest ciphertext of a frame, bytes. */
export const MAX_FRAME_BYTES = 8 * 1024 * 1024;
/** Bounds of the number of completion tokens that a node publishes as its chunk. */
export const CHUNK_TOKENS = { min: 16, max: 1_024 } as const;
/** How far below an allocation's highest sequence a request may still arrive. */
export const SEQUENCE_WINDOW = 1_024n;
/** Largest difference of the two clocks, seconds. */
export const MAX_CLOCK_SKEW_SECONDS = 60;
/** How long one encapsulation serves, seconds. */
export const ENCAPSULATION_SECONDS = 600;
/** How long a node waits for the payment of the next chunk, seconds. */
export const PAYMENT_PATIENCE_SECONDS = 10;
/** Completion tokens beyond the bytes received that a client believes where a node sends no token ids. */
export const UNCOUNTED_TOKENS = 64;
/** Largest value of a u64. */
export const MAX_U64 = (1n << 64n) - 1n;
