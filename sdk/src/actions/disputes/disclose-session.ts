import type { Cell } from '@ton/core';
import { disputeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import {
    type Acknowledgement,
    assertAcknowledged,
    type DisclosureNotAcknowledgedError,
    type DisputeNotFoundError,
    type DisputeStateError,
    disclosureCells,
    type EvidenceTooLongError,
    previewDisclosure,
} from '../../disputes';
import { messageFees, withMargin } from '../../fees';
import { type AnswerEvidence, taskTag } from '../../session';
import { hashToInteger } from '../../utils';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { requireDispute } from './get-dispute';
import type { DisputeTarget } from './target';

export type DiscloseSessionParameters = DisputeTarget &
    QueryOption &
    Acknowledgement & {
        /** That the dispute was opened with. */
        readonly evidence: AnswerEvidence;
    };
export type DiscloseSessionReturnType = WriteResult;
export type DiscloseSessionErrorType =
    | WriteErrorType
    | DisclosureNotAcknowledgedError
    | EvidenceTooLongError
    | DisputeNotFoundError
    | DisputeStateError;

// Of `shown` in the state of a dispute.
const SHOWN_REQUEST = 1;
const SHOWN_RESPONSE = 2;

/** Bodies of DiscloseRequest and DiscloseResponse. Pure. Throws EvidenceTooLongError. */
export function createDiscloseSessionBodies({
    queryId,
    evidence,
}: QueryOption & { readonly evidence: AnswerEvidence }): { request: Cell; response: Cell } {
    const salt = hashToInteger(evidence.salt);
    const { request: body, deltas } = disclosureCells(evidence);
    return {
        request: disputeBodies.discloseRequest({ queryId, salt, task: taskTag(evidence.task), body }),
        response: disputeBodies.discloseResponse({ queryId, salt, deltas }),
    };
}

/** What is not disclosed yet, in at most two messages. Throws DisclosureNotAcknowledgedError, DisputeStateError. */
export async function getDiscloseSessionTxParams(
    client: CocoonClient,
    parameters: DiscloseSessionParameters,
): Promise<readonly TxParams[]> {
    const { dispute, evidence } = parameters;
    assertAcknowledged(parameters, previewDisclosure(evidence));
    const bodies = createDiscloseSessionBodies(parameters);
    const [prices, info] = await Promise.all([
        client.getPrices(),
        requireDispute(client, { dispute }, 'disclosing'),
    ]);
    const value = withMargin(messageFees.discloseSession(prices));
    const message = (shown: number, body: Cell) =>
        (info.shown & shown) === 0 ? [{ to: dispute, value, body }] : [];
    return [...message(SHOWN_REQUEST, bodies.request), ...message(SHOWN_RESPONSE, bodies.response)];
}

/**
 * Makes the whole request and answer public for ever. From the accuser, within discloseWindow. Called again after a crash it
 * sends what is missing.
 */
export async function discloseSession(
    client: CocoonClient,
    parameters: DiscloseSessionParameters,
): Promise<DiscloseSessionReturnType> {
    return sendTransactions(client, await getDiscloseSessionTxParams(client, parameters));
}
