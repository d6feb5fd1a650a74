import { disputeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import type { DisputeCase, DisputeNotFoundError, DisputeStateError } from '../../disputes';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { requireDispute } from './get-dispute';
import { type OpenDisputeOutcome, outcomeOf } from './open';
import type { DisputeTarget } from './target';

export type RetryAccusationParameters = DisputeTarget &
    QueryOption & {
        /** Of the opening. */
        readonly case: DisputeCase;
    };
export type RetryAccusationReturnType = WriteResult & { readonly outcome: OpenDisputeOutcome };
export type RetryAccusationErrorType = WriteErrorType | DisputeNotFoundError | DisputeStateError;

/** Body of Retry. Pure. */
export function createRetryAccusationBody({
    queryId,
    case: { evidence },
}: Omit<RetryAccusationParameters, 'dispute'>) {
    return disputeBodies.retry({ queryId, evidence });
}

/** Throws DisputeStateError unless the node was busy. */
export async function getRetryAccusationTxParams(
    client: CocoonClient,
    parameters: RetryAccusationParameters,
): Promise<TxParams> {
    const { dispute } = parameters;
    const [prices] = await Promise.all([client.getPrices(), requireDispute(client, { dispute }, 'busy')]);
    return {
        to: dispute,
        value: withMargin(messageFees.retryAccusation(prices)),
        body: createRetryAccusationBody(parameters),
    };
}

/** Accuses again a node that had no slot free. From anyone, until its busyUntil. */
export async function retryAccusation(
    client: CocoonClient,
    parameters: RetryAccusationParameters,
): Promise<RetryAccusationReturnType> {
    const result = await sendTransactions(client, [await getRetryAccusationTxParams(client, parameters)]);
    return { ...result, outcome: outcomeOf(result) };
}
