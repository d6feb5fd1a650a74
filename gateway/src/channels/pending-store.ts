import type { MessageSender, OutgoingMessage, PendingMessage, PendingStore, SentMessages } from 'cocoon-sdk';
import type { Database } from '../db';

/** The wallet's signed message whose outcome is open, where all processes that share the wallet see it. */
export function sqlPendingStore(database: Database): PendingStore {
    return {
        async get(wallet) {
            const { rows } = await database.query<{ message: string }>(
                'SELECT message FROM pending_messages WHERE wallet = $1',
                [wallet],
            );
            return rows[0] && (JSON.parse(rows[0].message) as PendingMessage);
        },
        async set(wallet, pending) {
            if (pending === undefined) {
                await database.query('DELETE FROM pending_messages WHERE wallet = $1', [wallet]);
                return;
            }
            await database.query(
                `INSERT INTO pending_messages (wallet, message) VALUES ($1, $2)
                 ON CONFLICT (wallet) DO UPDATE SET message = $2`,
                [wallet, JSON.stringify(pending)],
            );
        },
    };
}

/** A sender for a wallet that several processes share: one of them sends at a time, so that no seqno is used twice. */
export function exclusiveSender(sender: MessageSender, database: Database): MessageSender {
    return {
        address: sender.address,
        sendMessages: (messages: readonly OutgoingMessage[]): Promise<SentMessages> =>
            database.withLock(`wallet ${sender.address.toRawString()}`, () => sender.sendMessages(messages)),
    };
}
