import type { Address, SenderArguments } from '@ton/core';
import type { TraceRoot } from '../trace';

/** An internal message for a wallet to send. `value` in nanoTON; `bounce` is true by default. */
export type OutgoingMessage = SenderArguments;

/** What is known about messages that a wallet was asked to send. */
export type SentMessages = {
    readonly walletAddress: Address;
    /** Normalized hash of the wallet's external message, 32 bytes; null where a wallet app does not tell it. */
    readonly externalHash: Uint8Array | null;
    readonly seqno: number | null;
    /** What to wait for, see `waitTrace`. */
    readonly roots: readonly TraceRoot[];
};

/** Whatever can send messages in the name of a wallet. */
export interface MessageSender {
    readonly address: Address;
    /** Sends messages. When there are several, a wallet sends them together if it can. */
    sendMessages(messages: readonly OutgoingMessage[]): Promise<SentMessages>;
}
