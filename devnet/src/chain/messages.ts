import { Address, beginCell, Cell, loadMessage, type Message, storeMessage } from '@ton/core';
import type { ExternalMessage, InternalMessage, RawAddress } from './types';

/** The address that creates money on the real network too; nobody holds its key. */
export const MINTER_ADDRESS: RawAddress = `-1:${'0'.repeat(64)}`;

/** What an internal message needs before the queue decides when it is due. */
export type OutgoingMessage = Omit<InternalMessage, 'dueSeqno'>;

/** The internal message among a transaction's outputs; undefined for an event (external out). */
export function outgoingMessage(message: Message): OutgoingMessage | undefined {
    if (message.info.type !== 'internal') return undefined;
    const { src, dest, value, forwardFee, createdLt } = message.info;
    return {
        cell: messageCell(message),
        source: src.toRawString(),
        destination: dest.toRawString(),
        createdLt,
        value: value.coins,
        forwardFee,
    };
}

/** Money from nowhere: a non-bounceable transfer with an empty body. */
export function mintMessage(
    destination: RawAddress,
    amount: bigint,
    createdLt: bigint,
    now: number,
): OutgoingMessage {
    const cell = messageCell({
        info: {
            type: 'internal',
            ihrDisabled: true,
            bounce: false,
            bounced: false,
            src: Address.parseRaw(MINTER_ADDRESS),
            dest: Address.parseRaw(destination),
            value: { coins: amount },
            ihrFee: 0n,
            forwardFee: 0n,
            createdLt,
            createdAt: now,
        },
        body: Cell.EMPTY,
    });
    return { cell, source: MINTER_ADDRESS, destination, createdLt, value: amount, forwardFee: 0n };
}

/**
 * Reads a bag of cells sent to the network.
 * @throws Error saying what is wrong with it
 */
export function parseExternal(boc: Buffer): ExternalMessage {
    const roots = Cell.fromBoc(boc);
    if (roots.length !== 1) throw new Error(`a message has one root cell, this has ${roots.length}`);
    const cell = roots[0]!;
    const message = loadMessage(cell.beginParse());
    if (message.info.type !== 'external-in') {
        throw new Error('external message must begin with ext_in_msg_info$10');
    }
    return { cell, destination: message.info.dest.toRawString() };
}

/** Key under which the transaction that a message caused is found. */
export function messageKey(source: RawAddress, destination: RawAddress, createdLt: bigint): string {
    return `${source}>${destination}@${createdLt}`;
}

export function messageCell(message: Message): Cell {
    return beginCell().store(storeMessage(message)).endCell();
}
