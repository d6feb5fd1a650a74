import { type Address, beginCell, type Cell } from '@ton/core';
import {
    COMMITMENT_TAG,
    JOB_SUBJECT,
    SESSION_SUBJECT,
    storeJobEvidence,
    storeSessionEvidence,
    storeSignedReceipt,
} from '../build/Dispute/Dispute_Dispute';
import { cellHash } from './code-id';
import { cellOf } from './lib';
import { accountOf } from './vault-allocations';

/** One request of a session, as accused by the client of its vault. */
export interface SessionSubject {
    accuser: Address;
    node: Address;
    vault: Address;
    slot: number;
    generation: bigint;
    sequence: bigint;
}

/** One claim of a job, as accused by its client. */
export interface JobSubject {
    accuser: Address;
    job: Address;
    /** Number of the claim, counted from 1. */
    claim: number;
}

export function encodeSessionSubject(subject: SessionSubject): Cell {
    const request = beginCell()
        .storeUint(subject.slot, 8)
        .storeUint(subject.generation, 64)
        .storeUint(subject.sequence, 64);
    return beginCell()
        .storeUint(SESSION_SUBJECT, 32)
        .storeBuffer(accountOf(subject.accuser), 32)
        .storeBuffer(accountOf(subject.node), 32)
        .storeBuffer(accountOf(subject.vault), 32)
        .storeRef(request.endCell())
        .endCell();
}

export function encodeJobSubject(subject: JobSubject): Cell {
    return beginCell()
        .storeUint(JOB_SUBJECT, 32)
        .storeBuffer(accountOf(subject.accuser), 32)
        .storeBuffer(accountOf(subject.job), 32)
        .storeUint(subject.claim, 8)
        .endCell();
}

/** What a dispute's address names of its subject. */
export function subjectHash(subject: Cell): bigint {
    return cellHash(subject);
}

export const VOTE = { node: 0, client: 1, unavailable: 2 } as const;

/** A sealed vote of one node in one round of one dispute. */
export interface VoteCommitment {
    dispute: Address;
    round: number;
    /** Of the juror's node. */
    index: number;
    vote: number;
    /** 256 random bits; whoever knows them knows the vote. */
    salt: bigint;
}

/** What a juror commits to with its seat. */
export function commitmentHash({ dispute, round, index, vote, salt }: VoteCommitment): bigint {
    return cellHash(
        beginCell()
            .storeUint(COMMITMENT_TAG, 32)
            .storeBuffer(accountOf(dispute), 32)
            .storeUint(round, 8)
            .storeUint(index, 32)
            .storeUint(vote, 8)
            .storeUint(salt, 256)
            .endCell(),
    );
}

const HASHES_PER_CELL = 3;

/** Sibling hashes (32 bytes each) from the leaf upwards, as `DiscloseItem` and `AnswerItem` carry them; null for none. */
export function encodePath(siblings: readonly Uint8Array[]): Cell | null {
    if (siblings.length === 0) return null;
    const here = beginCell();
    for (const sibling of siblings.slice(0, HASHES_PER_CELL)) here.storeBuffer(Buffer.from(sibling), 32);
    const further = encodePath(siblings.slice(HASHES_PER_CELL));
    if (further) here.storeRef(further);
    return here.endCell();
}

/** The 44 bytes that open one item and no other. */
export function encodeItemKey(okm: Uint8Array): Cell {
    return beginCell().storeBuffer(Buffer.from(okm), 44).endCell();
}

/** Evidence against a claim: the root of the result that was submitted. */
export function encodeJobEvidence(resultRoot: bigint): Cell {
    return cellOf(storeJobEvidence({ $$type: 'JobEvidence', resultRoot }));
}

/** A receipt cell with the operator key's signature (64 bytes). */
export interface SignedReceipt {
    receipt: Cell;
    signature: Buffer;
}

/** Evidence against an answer: its receipt, the rest of its vault's identity, and a receipt that conflicts with it. */
export function encodeSessionEvidence(
    evidence: SignedReceipt & {
        vaultNonce: bigint;
        vaultOpenBefore: number;
        conflicting?: SignedReceipt;
    },
): Cell {
    const { vaultNonce, vaultOpenBefore, receipt, signature, conflicting } = evidence;
    return cellOf(
        storeSessionEvidence({
            $$type: 'SessionEvidence',
            vaultNonce,
            vaultOpenBefore: BigInt(vaultOpenBefore),
            receipt,
            signature,
            conflicting: conflicting
                ? cellOf(
                      storeSignedReceipt({
                          $$type: 'SignedReceipt',
                          receipt: conflicting.receipt,
                          signature: conflicting.signature,
                      }),
                  )
                : null,
        }),
    );
}
