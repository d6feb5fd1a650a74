import type { Cell } from '@ton/core';
import { disputeBodies, encodePath } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import {
    type Acknowledgement,
    assertAcknowledged,
    type DisclosureNotAcknowledgedError,
    type DisputeNotFoundError,
    type DisputeStateError,
    type ItemAnswer,
    itemKeyCell,
} from '../../disputes';
import { messageFees, withMargin } from '../../fees';
import { bytesToSnake } from '../../payload';
import { hashToInteger } from '../../utils';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { requireDispute } from './get-dispute';
import type { DisputeTarget } from './target';

export type AnswerItemParameters = DisputeTarget &
    QueryOption &
    Acknowledgement & {
        /** Of buildItemAnswer. */
        readonly answer: ItemAnswer;
        /** Posts the ciphertext, too: where the result was published at a URI. */
        readonly withCiphertext?: boolean;
    };
export type AnswerItemReturnType = WriteResult;
export type AnswerItemErrorType =
    | WriteErrorType
    | DisclosureNotAcknowledgedError
    | DisputeNotFoundError
    | DisputeStateError;

/** Body of AnswerItem. Pure. */
export function createAnswerItemBody({
    queryId,
    answer: { leaf, itemKey, siblings, ciphertext },
    withCiphertext = false,
}: QueryOption & Pick<AnswerItemParameters, 'answer' | 'withCiphertext'>): Cell {
    return disputeBodies.answerItem({
        queryId,
        leaf: hashToInteger(leaf),
        itemKey: itemKeyCell(itemKey),
        path: encodePath(siblings),
        ciphertext: withCiphertext ? bytesToSnake(ciphertext) : undefined,
    });
}

/** Throws DisclosureNotAcknowledgedError, DisputeStateError. */
export async function getAnswerItemTxParams(
    client: CocoonClient,
    parameters: AnswerItemParameters,
): Promise<TxParams> {
    const { dispute, answer } = parameters;
    assertAcknowledged(parameters, answer.disclosure);
    const [prices] = await Promise.all([
        client.getPrices(),
        requireDispute(client, { dispute }, 'answering'),
    ]);
    return {
        to: dispute,
        value: withMargin(messageFees.discloseItem(prices)),
        body: createAnswerItemBody(parameters),
    };
}

/**
 * Shows the node's answer to the one request in dispute: without it jurors must take it for absent. From the accused's
 * operator, within answerWindow.
 */
export async function answerItem(
    client: CocoonClient,
    parameters: AnswerItemParameters,
): Promise<AnswerItemReturnType> {
    return sendTransactions(client, [await getAnswerItemTxParams(client, parameters)]);
}
