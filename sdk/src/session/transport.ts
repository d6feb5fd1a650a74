/** An answer of a node's endpoint. */
export type TransportResponse = {
    readonly status: number;
    /** A header by its lower-case name. */
    header(name: string): string | undefined;
    /** The body as it arrives. Leaving the iteration early closes the connection. Rejects when the connection breaks. */
    readonly body: AsyncIterable<Uint8Array>;
};

/**
 * How bytes reach a node: `fetchTransport` anywhere, `undiciTransport` of `cocoon-sdk/node`.
 * Throws SessionUnreachableError when there is no answer, AbortedError when `signal` fires.
 */
export interface Transport {
    get(url: string, options?: TransportOptions): Promise<TransportResponse>;
    /** Sends `body` as application/octet-stream. */
    post(url: string, body: Uint8Array, options?: TransportOptions): Promise<TransportResponse>;
}

export type TransportOptions = { readonly signal?: AbortSignal };
