/** A signed message whose outcome is not known yet. Plain JSON values, so that any store can keep it. */
export type PendingMessage = {
    readonly seqno: number;
    /** Unix time in seconds; the wallet refuses the message after it. */
    readonly validUntil: number;
    /** The wallet's last lt before signing, in decimal. */
    readonly afterLt: string;
    /** The external message, base64. It holds a signature, but no secret. */
    readonly boc: string;
    /** Normalized hash, hex. */
    readonly externalHash: string;
};

/**
 * Where a wallet's pending message is kept. A durable one lets a sender go on after a crash with the same message
 * instead of signing a second one. `set` resolves when the value is durable.
 */
export interface PendingStore {
    get(wallet: string): Promise<PendingMessage | undefined>;
    set(wallet: string, pending: PendingMessage | undefined): Promise<void>;
}

/** Keeps pending messages in memory. */
export function memoryPendingStore(): PendingStore {
    const messages = new Map<string, PendingMessage>();
    return {
        get: async (wallet) => messages.get(wallet),
        set: async (wallet, pending) => {
            if (pending === undefined) messages.delete(wallet);
            else messages.set(wallet, pending);
        },
    };
}
