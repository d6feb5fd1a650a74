import type { Transaction } from '@ton/core';
import { decodeEvent, decodeFreezeLock, opcodes } from 'cocoon-wrappers';
import { isExecuted, opcodeOf } from './announcement';

/** This node is accused of a session's answer, or of a claim's result (`job`). Raw addresses. */
export interface Accusation {
    kind: 'accused';
    dispute: string;
    job?: string;
}

/** An accusation of a session ended. */
export interface AccusationEnd {
    kind: 'ended';
    dispute: string;
    /** nanoTON; 0 for an acquittal. */
    slashed: bigint;
}

/** Reads a transaction of the Node as the begin or the end of an accusation; a claim's verdict comes as the end of its lock. */
export function readAccusation(tx: Transaction): Accusation | AccusationEnd | undefined {
    const message = tx.inMessage;
    if (message?.info.type !== 'internal' || !isExecuted(tx)) return undefined;
    if (opcodeOf(message.body) === opcodes.FreezeLock) {
        const dispute = decodeFreezeLock(message.body).toRawString();
        return { kind: 'accused', dispute, job: message.info.src.toRawString() };
    }
    for (const { info, body } of tx.outMessages.values()) {
        const event = info.type === 'external-out' ? decodeEvent(body) : null;
        if (event?.$$type !== 'AccusationChanged') continue;
        const dispute = `0:${event.dispute.toString(16).padStart(64, '0')}`;
        return event.amount > 0n
            ? { kind: 'accused', dispute }
            : { kind: 'ended', dispute, slashed: event.slash };
    }
    return undefined;
}
