/**
 * High-water marks of a channel: no voucher above `cumulative` (nanoTON) was ever signed, no request with a
 * `sequence` above the mark was ever sealed.
 */
export type SessionMarks = { readonly cumulative: bigint; readonly sequence: bigint };

/** Where a channel's marks survive a crash. */
export interface ChannelStore {
    /**
     * Makes the marks durable before it resolves. Marks only grow: a store keeps the greater of each old and new value.
     * When it rejects, nothing that needs the new marks is signed; they may have been stored or not.
     */
    raise(channelId: string, marks: SessionMarks): Promise<void>;
    /** Called right before each signature, also below the marks. Throws where another process may sign for the channel now. */
    assertHeld?(channelId: string): void;
}
