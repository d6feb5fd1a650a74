import type { Cell } from '@ton/core';
import { nodeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { type NodeTarget, nodeAddress } from './target';

export type AdoptTermsParameters = NodeTarget &
    QueryOption & { /** Terms cell, see getTerms. */ readonly terms: Cell };
export type AdoptTermsReturnType = WriteResult;
export type AdoptTermsErrorType = WriteErrorType;

export const createAdoptTermsBody = nodeBodies.adoptTerms;

export async function getAdoptTermsTxParams(
    client: CocoonClient,
    parameters: AdoptTermsParameters,
): Promise<TxParams> {
    const prices = await client.getPrices();
    return {
        to: nodeAddress(client, parameters),
        value: withMargin(messageFees.adoptTerms(prices)) + messageFees.nodeStorage(prices),
        body: createAdoptTermsBody(parameters),
    };
}

/** Serves under these terms from now on, once the Registry confirms them. From the owner. */
export async function adoptTerms(
    client: CocoonClient,
    parameters: AdoptTermsParameters,
): Promise<AdoptTermsReturnType> {
    return sendTransactions(client, [await getAdoptTermsTxParams(client, parameters)]);
}
