import { Cell, type Sender } from '@ton/core';
import { InvalidArgumentError } from '../errors';
import type { ChainReader } from '../rpc';
import { type TraceRoot, TraceRootError } from '../trace';
import type { MessageSender, OutgoingMessage, SentMessages } from './message-sender';

/**
 * Makes a MessageSender of any @ton/core Sender, such as a wallet app behind TON Connect. Its messages go one by one
 * and are followed by destination and body, since the app does not tell the external message.
 * Throws TraceRootError when the sender has no address.
 */
export function senderFrom(sender: Sender, reader: ChainReader): MessageSender {
    const { address } = sender;
    if (address === undefined) {
        throw new TraceRootError();
    }
    return {
        address,
        async sendMessages(messages: readonly OutgoingMessage[]): Promise<SentMessages> {
            if (messages.length === 0) {
                throw new InvalidArgumentError('There are no messages to send.');
            }
            const roots: TraceRoot[] = [];
            for (const message of messages) {
                const last = (await reader.getAccount(address)).lastTransaction;
                await sender.send(message);
                roots.push({
                    kind: 'outgoing',
                    wallet: address,
                    destination: message.to,
                    bodyHash: new Uint8Array((message.body ?? Cell.EMPTY).hash()),
                    afterLt: last?.lt ?? 0n,
                });
            }
            return { walletAddress: address, externalHash: null, seqno: null, roots };
        },
    };
}
