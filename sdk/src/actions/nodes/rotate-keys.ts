import type { Address } from '@ton/core';
import { nodeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { type NodeTarget, nodeAddress } from './target';

export type RotateKeysParameters = NodeTarget &
    QueryOption & {
        readonly operator: Address /** Ed25519 public key. */;
        readonly operatorKey: bigint /** X25519 public key. */;
        readonly encryptionKey: bigint;
    };
export type RotateKeysReturnType = WriteResult;
export type RotateKeysErrorType = WriteErrorType;

export const createRotateKeysBody = nodeBodies.rotateKeys;

export async function getRotateKeysTxParams(
    client: CocoonClient,
    parameters: RotateKeysParameters,
): Promise<TxParams> {
    const prices = await client.getPrices();
    return {
        to: nodeAddress(client, parameters),
        value: withMargin(messageFees.nodeSimple(prices)),
        body: createRotateKeysBody(parameters),
    };
}

/** Replaces operator wallet and keys. From the owner. */
export async function rotateKeys(
    client: CocoonClient,
    parameters: RotateKeysParameters,
): Promise<RotateKeysReturnType> {
    return sendTransactions(client, [await getRotateKeysTxParams(client, parameters)]);
}
