import type { Address, Cell, Transaction } from '@ton/core';
import { claimOutcomes, opcodes } from 'cocoon-wrappers';
import { isExecuted, opcodeOf } from './announcement';

/** How a claim of this node ended, told to the Node by the Job. Amounts in nanoTON. */
export interface SettledLock {
    /** Raw address. */
    job: string;
    outcome: 'paid' | 'expired' | 'declined' | 'noKey' | 'convicted';
    /** Price of the job, protocol fee included; 0 unless paid. */
    earned: bigint;
    slashed: bigint;
}

const OUTCOMES = new Map(
    Object.entries(claimOutcomes).map(([name, code]) => [code, name as SettledLock['outcome']]),
);

/** Reads a transaction of the Node as the end of a lock. */
export function readSettledLock(tx: Transaction): SettledLock | undefined {
    const message = tx.inMessage;
    if (message?.info.type !== 'internal' || !isExecuted(tx)) return undefined;
    const opcode = opcodeOf(message.body);
    if (opcode === opcodes.SettleDisputedLock) return convicted(message.info.src, message.body);
    if (opcode !== opcodes.SettleLock) return undefined;
    const body = message.body.beginParse();
    body.skip(32 + 64 + 64); // opcode, query id, claim number of the node
    const outcome = OUTCOMES.get(body.loadUint(8));
    if (!outcome) return undefined;
    const earned = body.loadCoins();
    const slashed = body.loadCoins();
    return { job: message.info.src.toRawString(), outcome, earned, slashed };
}

/** A jury found against the node. */
function convicted(job: Address, body: Cell): SettledLock {
    const fields = body.beginParse().skip(32 + 64 + 64); // opcode, query id, claim number of the node
    return { job: job.toRawString(), outcome: 'convicted', earned: 0n, slashed: fields.loadCoins() };
}
