import type { Cell } from '@ton/core';
import { loadDisputeParams, storeDisputeParams } from '../build/Registry/Registry_Registry';
import { cellOf } from './lib';

/** Parameters of disputes. Amounts in nanoTON, windows in seconds. */
export interface DisputeParams {
    /** Seats of a jury, odd, 5 to 9. */
    jurors: number;
    /** Basis points of the bond that a vote against the outcome costs, at most 5,000. */
    minorityBps: number;
    /** Of a session's price, locked while it is disputed; at most 10,000. */
    receiptMultiple: number;
    discloseWindow: number;
    answerWindow: number;
    seatWindow: number;
    revealWindow: number;
    /** How much older than a dispute a juror's stake and offer must be. */
    jurorAge: number;
    /** Chance of a seat per nanoTON of juror stake and second, in units of 2⁻⁶⁴. */
    seatRate: bigint;
    /** To each juror that votes. */
    jurorFee: bigint;
    /** Locked for each seat. */
    jurorBond: bigint;
    /** Lost by an accuser that is rejected. */
    accuserBond: bigint;
    /** The most that a session can cost its node. */
    maxReceiptSlash: bigint;
}

export function encodeDisputeParams(params: DisputeParams): Cell {
    return cellOf(
        storeDisputeParams({
            ...params,
            $$type: 'DisputeParams',
            jurors: BigInt(params.jurors),
            minorityBps: BigInt(params.minorityBps),
            receiptMultiple: BigInt(params.receiptMultiple),
            discloseWindow: BigInt(params.discloseWindow),
            answerWindow: BigInt(params.answerWindow),
            seatWindow: BigInt(params.seatWindow),
            revealWindow: BigInt(params.revealWindow),
            jurorAge: BigInt(params.jurorAge),
        }),
    );
}

export function decodeDisputeParams(cell: Cell): DisputeParams {
    const { $$type: _, ...params } = loadDisputeParams(cell.beginParse());
    return {
        ...params,
        jurors: Number(params.jurors),
        minorityBps: Number(params.minorityBps),
        receiptMultiple: Number(params.receiptMultiple),
        discloseWindow: Number(params.discloseWindow),
        answerWindow: Number(params.answerWindow),
        seatWindow: Number(params.seatWindow),
        revealWindow: Number(params.revealWindow),
        jurorAge: Number(params.jurorAge),
    };
}

/** Seats that must vote for a verdict. */
export function quorumOf({ jurors }: Pick<DisputeParams, 'jurors'>): number {
    return Math.ceil((2 * jurors) / 3);
}

/** The most that may be at issue, so that withholding a quorum never pays: a job's maxPrice and collateral, a session's lock. */
export function highestAtIssue(params: Pick<DisputeParams, 'jurors' | 'jurorBond'>): bigint {
    return BigInt(params.jurors - quorumOf(params) + 1) * params.jurorBond;
}
