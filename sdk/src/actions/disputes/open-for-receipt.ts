import type { Cell } from '@ton/core';
import type { CocoonClient } from '../../client/client';
import type { NodeNotFoundError } from '../../client/errors';
import {
    buildConflictEvidence,
    buildSessionEvidence,
    type CaseVault,
    type Conflict,
    type ConflictCase,
    EvidenceInsufficientError,
    type PlacedReceipt,
    type SessionCase,
} from '../../disputes';
import type { AnswerEvidence, RequestRef } from '../../session';
import { accountAddress, integerToHash } from '../../utils';
import { getNode, type NodeInfo } from '../nodes/get-node';
import { readVaultIdentity } from '../vaults/genuine';
import { type CaseTerms, caseTerms } from './case-terms';
import {
    type OpenDisputeErrorType,
    type OpenDisputeParameters,
    type OpenDisputeReturnType,
    type OpenDisputeTxParams,
    openTxParams,
    sendOpening,
} from './open';

type SessionOpening = OpenDisputeParameters & {
    /** What the vault was deployed with, where it is destroyed already [read from the chain]. */
    readonly vault?: CaseVault;
};
export type OpenForReceiptParameters = SessionOpening & {
    /** Of SessionResult or InferenceFinal, or of an AnswerEvidenceStore. */
    readonly evidence: AnswerEvidence;
};
export type OpenForReceiptReturnType = OpenDisputeReturnType<SessionCase>;
export type OpenForReceiptErrorType = OpenDisputeErrorType | NodeNotFoundError;

export type OpenForConflictParameters = SessionOpening & {
    /** Two receipts of one chunk with different contents, see findConflict. */
    readonly conflict: Conflict;
};
export type OpenForConflictReturnType = OpenDisputeReturnType<ConflictCase>;
export type OpenForConflictErrorType = OpenForReceiptErrorType;

/** Checks the evidence as the Node will. Throws EvidenceInsufficientError, EvidenceTooLongError and what openings throw. */
export async function getOpenForReceiptTxParams(
    client: CocoonClient,
    parameters: OpenForReceiptParameters,
): Promise<OpenDisputeTxParams<SessionCase>> {
    const { evidence } = parameters;
    const around = await sessionCase(client, parameters, [evidence]);
    return openTxParams(client, parameters, around.terms, buildSessionEvidence({ ...around, evidence }));
}

/**
 * Accuses the node of a session answer. From the client of its vault, with a bond; then disclose request and answer within
 * discloseWindow (discloseSession), or the bond is lost.
 */
export async function openForReceipt(
    client: CocoonClient,
    parameters: OpenForReceiptParameters,
): Promise<OpenForReceiptReturnType> {
    return sendOpening(client, await getOpenForReceiptTxParams(client, parameters));
}

/** Throws EvidenceInsufficientError where the receipts do not conflict, and what openings throw. */
export async function getOpenForConflictTxParams(
    client: CocoonClient,
    parameters: OpenForConflictParameters,
): Promise<OpenDisputeTxParams<ConflictCase>> {
    const { conflict } = parameters;
    const around = await sessionCase(client, parameters, conflict);
    return openTxParams(client, parameters, around.terms, buildConflictEvidence({ ...around, conflict }));
}

/**
 * Accuses a node that signed two contents for one chunk. Its Node checks both signatures and is slashed at once: no jury, and
 * nothing of the conversation is disclosed. From the client of the vault; the bond returns.
 */
export async function openForConflict(
    client: CocoonClient,
    parameters: OpenForConflictParameters,
): Promise<OpenForConflictReturnType> {
    return sendOpening(client, await getOpenForConflictTxParams(client, parameters));
}

type Around = {
    readonly vault: CaseVault;
    readonly terms: CaseTerms;
    readonly evidenceWindow: number;
    readonly operatorKeys: readonly Uint8Array[];
};

async function sessionCase(
    client: CocoonClient,
    { vault: known, terms: cell }: { readonly vault?: CaseVault; readonly terms?: Cell },
    receipts: readonly PlacedReceipt[],
): Promise<Around> {
    const { request } = receipts[0]!;
    const node = accountAddress(request.node);
    const [vault, info] = await Promise.all([known ?? vaultOf(client, request), getNode(client, { node })]);
    const terms = await caseTerms(client, vault.termsHash, { terms: cell, node });
    return {
        vault,
        terms,
        evidenceWindow: terms.terms.stakeParams.evidenceWindow,
        operatorKeys: receipts.flatMap(({ receipt }) => keysAt(info, receipt.issuedAt)),
    };
}

async function vaultOf(client: CocoonClient, request: RequestRef): Promise<CaseVault> {
    const identity = await readVaultIdentity(client, accountAddress(request.vault));
    if (identity === null) {
        throw new EvidenceInsufficientError('vault_identity', {
            remedy: 'The vault is destroyed: pass what it was opened with as vault.',
        });
    }
    return identity;
}

/** Clocks of node and chain may differ by so much when a key changes, as the contract has it. */
const KEY_CLOCK_SKEW = 120;

/** Operator keys that the Node accepts for this time. */
function keysAt({ keys }: NodeInfo, issuedAt: number): Uint8Array[] {
    return keys
        .filter(
            ({ activatedAt, rotatedAt = Number.POSITIVE_INFINITY }) =>
                issuedAt >= activatedAt - KEY_CLOCK_SKEW && issuedAt <= rotatedAt + KEY_CLOCK_SKEW,
        )
        .map(({ operatorKey }) => integerToHash(operatorKey));
}
