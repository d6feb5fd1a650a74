import type { Address, Cell } from '@ton/core';
import { Dispute, disputeBodies, subjectHash } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import {
    type Acknowledgement,
    assertAcknowledged,
    type DisclosureNotAcknowledgedError,
    type DisputeCase,
    EvidenceExpiredError,
    type EvidenceInsufficientError,
    type EvidenceTooLongError,
    joinPreviews,
} from '../../disputes';
import type { InvalidArgumentError } from '../../errors';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { check } from '../vaults/checks';
import { findEvent, sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import type { CaseTerms, CaseTermsErrorType } from './case-terms';

/** What all openings take. */
export type OpenDisputeParameters = QueryOption &
    Acknowledgement & {
        /** Terms cell of the vault or job, where neither Registry nor node have it any more. */
        readonly terms?: Cell;
        /** The wallet that accuses: the client of the vault or job [the client's sender]. */
        readonly from?: Address;
    };
/** A dispute that can be opened: its message, its address and what it is about. */
export type OpenDisputeTxParams<C extends DisputeCase> = TxParams & {
    readonly dispute: Address;
    readonly case: C;
};
/**
 * `confirmed`: disclose now. `busy`: all accusation slots of the node are taken, retry. `convicted`: the receipts proved
 * themselves, it is over.
 */
export type OpenDisputeOutcome = 'confirmed' | 'busy' | 'convicted';
export type OpenDisputeReturnType<C extends DisputeCase> = WriteResult & {
    readonly dispute: Address;
    readonly case: C;
    readonly outcome: OpenDisputeOutcome;
};
export type OpenDisputeErrorType =
    | WriteErrorType
    | CaseTermsErrorType
    | DisclosureNotAcknowledgedError
    | EvidenceInsufficientError
    | EvidenceTooLongError
    | EvidenceExpiredError
    | InvalidArgumentError;

/** Body of OpenDispute. Pure. */
export function createOpenDisputeBody({
    queryId,
    terms,
    case: { subject, evidence },
}: QueryOption & { readonly terms: Cell; readonly case: DisputeCase }): Cell {
    return disputeBodies.open({ queryId, terms, subject, evidence });
}

/** Throws DisclosureNotAcknowledgedError, EvidenceExpiredError, InvalidArgumentError. */
export async function openTxParams<C extends DisputeCase>(
    client: CocoonClient,
    parameters: OpenDisputeParameters,
    terms: CaseTerms,
    built: C,
): Promise<OpenDisputeTxParams<C>> {
    // All of it: who opens has to disclose, or loses the bond.
    assertAcknowledged(parameters, joinPreviews(built.opening, built.disclosure));
    const from = parameters.from ?? client.sender.address;
    check(
        from.equals(built.accuser),
        'from',
        'the client of the vault or job, who alone can accuse',
        'Send from the wallet that opened the vault or posted the job.',
    );
    const [prices, now] = await Promise.all([client.getPrices(), client.getTime()]);
    if (now >= built.openBefore) throw new EvidenceExpiredError(built.openBefore);
    const { address, init } = Dispute.fromIdentity({
        registry: client.registry,
        termsHash: terms.hash,
        subject: subjectHash(built.subject),
        openBefore: built.openBefore,
    });
    const kind = built.kind === 'job' ? 'job' : 'session';
    const { keeperTip } = terms.terms.jobParams;
    return {
        to: address,
        value:
            messageFees.disputeHeld(prices, terms.params, keeperTip, kind) +
            messageFees.disputeStorage(prices) +
            withMargin(messageFees.openDispute(prices, kind)),
        body: createOpenDisputeBody({ queryId: parameters.queryId, terms: terms.cell, case: built }),
        init,
        dispute: address,
        case: built,
    };
}

/** Sends an opening and says what became of it. A refusal throws TransactionFailedError; the bond is back then. */
export async function sendOpening<C extends DisputeCase>(
    client: CocoonClient,
    { dispute, case: built, ...tx }: OpenDisputeTxParams<C>,
): Promise<OpenDisputeReturnType<C>> {
    const result = await sendTransactions(client, [tx]);
    return { ...result, dispute, case: built, outcome: outcomeOf(result) };
}

/** What Node or Job answered, by the events of the trace. */
export function outcomeOf(result: WriteResult): OpenDisputeOutcome {
    if (findEvent(result, 'DisputeOpened')) return 'confirmed';
    if (findEvent(result, 'DisputeResolved')) return 'convicted';
    return 'busy';
}
