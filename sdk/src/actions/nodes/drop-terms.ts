import { nodeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { type NodeTarget, nodeAddress } from './target';

export type DropTermsParameters = NodeTarget & QueryOption & { readonly termsHash: bigint };
export type DropTermsReturnType = WriteResult;
export type DropTermsErrorType = WriteErrorType;

export const createDropTermsBody = nodeBodies.dropTerms;

export async function getDropTermsTxParams(
    client: CocoonClient,
    parameters: DropTermsParameters,
): Promise<TxParams> {
    const prices = await client.getPrices();
    return {
        to: nodeAddress(client, parameters),
        value: withMargin(messageFees.nodeSimple(prices)),
        body: createDropTermsBody(parameters),
    };
}

/** Serves nothing new under these terms. From the owner. */
export async function dropTerms(
    client: CocoonClient,
    parameters: DropTermsParameters,
): Promise<DropTermsReturnType> {
    return sendTransactions(client, [await getDropTermsTxParams(client, parameters)]);
}
