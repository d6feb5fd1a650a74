import type { Address, Transaction } from '@ton/core';
import type { ChainReader } from '../rpc';
import { equalBytes } from '../utils';
import { executesExternal, findTransaction } from './message-hash';

/**
 * What a trace starts from: an external message to a wallet by its normalized hash, or an internal message that a
 * wallet sent (where a wallet app signs and does not tell the hash). `afterLt` is the wallet's last lt before sending.
 * It can be stored and used again after a restart.
 */
export type TraceRoot =
    | {
          readonly kind: 'external';
          readonly wallet: Address;
          readonly messageHash: Uint8Array;
          readonly afterLt: bigint;
      }
    | {
          readonly kind: 'outgoing';
          readonly wallet: Address;
          readonly destination: Address;
          /** Representation hash of the message's body, 32 bytes. */
          readonly bodyHash: Uint8Array;
          readonly afterLt: bigint;
      };

/** The wallet's transaction and the indexes of its out-messages that belong to the trace. */
export type FoundRoot = { readonly tx: Transaction; readonly follows: (messageIndex: number) => boolean };

/** Looks for the wallet's transaction; undefined when it is not on chain yet. */
export async function findRoot(reader: ChainReader, root: TraceRoot): Promise<FoundRoot | undefined> {
    const tx = await findTransaction(reader, root.wallet, root.afterLt, (candidate) =>
        root.kind === 'external'
            ? executesExternal(candidate, root.messageHash)
            : outgoingIndex(candidate, root) >= 0,
    );
    if (tx === undefined) {
        return undefined;
    }
    if (root.kind === 'external') {
        return { tx, follows: () => true };
    }
    const index = outgoingIndex(tx, root);
    return { tx, follows: (messageIndex) => messageIndex === index };
}

function outgoingIndex(tx: Transaction, root: TraceRoot & { kind: 'outgoing' }): number {
    return tx.outMessages
        .values()
        .findIndex(
            ({ info, body }) =>
                info.type === 'internal' &&
                info.dest.equals(root.destination) &&
                equalBytes(new Uint8Array(body.hash()), root.bodyHash),
        );
}
