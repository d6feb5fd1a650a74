import type { Cell } from '@ton/core';
import { disputeBodies, encodePath } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import {
    type Acknowledgement,
    assertAcknowledged,
    type DisclosureNotAcknowledgedError,
    type DisputeNotFoundError,
    type DisputeStateError,
    type ItemDisclosure,
    itemKeyCell,
    type JobCase,
} from '../../disputes';
import { messageFees, withMargin } from '../../fees';
import { hashToInteger } from '../../utils';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { requireDispute } from './get-dispute';
import type { DisputeTarget } from './target';

export type DiscloseItemParameters = DisputeTarget &
    QueryOption &
    Acknowledgement & {
        /** Of openForJob, or of buildJobEvidence. */
        readonly case: JobCase;
    };
export type DiscloseItemReturnType = WriteResult;
export type DiscloseItemErrorType =
    | WriteErrorType
    | DisclosureNotAcknowledgedError
    | DisputeNotFoundError
    | DisputeStateError;

/** Body of DiscloseItem. Pure. */
export function createDiscloseItemBody({
    queryId,
    item: { index, leaf, itemKey, siblings },
}: QueryOption & { readonly item: ItemDisclosure }): Cell {
    return disputeBodies.discloseItem({
        queryId,
        index,
        leaf: hashToInteger(leaf),
        itemKey: itemKeyCell(itemKey),
        path: encodePath(siblings),
    });
}

/** Throws DisclosureNotAcknowledgedError, DisputeStateError. */
export async function getDiscloseItemTxParams(
    client: CocoonClient,
    parameters: DiscloseItemParameters,
): Promise<TxParams> {
    const { dispute, queryId, case: built } = parameters;
    assertAcknowledged(parameters, built.disclosure);
    const [prices] = await Promise.all([
        client.getPrices(),
        requireDispute(client, { dispute }, 'disclosing'),
    ]);
    return {
        to: dispute,
        value: withMargin(messageFees.discloseItem(prices)),
        body: createDiscloseItemBody({ queryId, item: built.item }),
    };
}

/**
 * Makes the one request in dispute public for ever: its item key opens it and no other. From the accuser, within
 * discloseWindow.
 */
export async function discloseItem(
    client: CocoonClient,
    parameters: DiscloseItemParameters,
): Promise<DiscloseItemReturnType> {
    return sendTransactions(client, [await getDiscloseItemTxParams(client, parameters)]);
}
