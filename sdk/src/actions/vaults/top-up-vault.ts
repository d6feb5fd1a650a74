import { vaultBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import type { InvalidArgumentError } from '../../errors';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { checkAmount } from './checks';
import { requireVault } from './get-vault';
import type { VaultTarget } from './target';

export type TopUpVaultParameters = VaultTarget & QueryOption & { /** nanoTON. */ readonly amount: bigint };
export type TopUpVaultReturnType = WriteResult;
export type TopUpVaultErrorType = WriteErrorType | InvalidArgumentError;

export const createTopUpVaultBody = vaultBodies.topUp;

/** Throws InvalidArgumentError. */
export async function getTopUpVaultTxParams(
    client: CocoonClient,
    parameters: TopUpVaultParameters,
): Promise<TxParams> {
    checkAmount(parameters.amount, 'amount');
    const [prices] = await Promise.all([client.getPrices(), requireVault(client, parameters.vault)]);
    return {
        to: parameters.vault,
        value: parameters.amount + withMargin(messageFees.topUpVault(prices)),
        body: createTopUpVaultBody(parameters),
    };
}

/** Deposits more into a vault. From anyone; the money is its client's from then on. */
export async function topUpVault(
    client: CocoonClient,
    parameters: TopUpVaultParameters,
): Promise<TopUpVaultReturnType> {
    return sendTransactions(client, [await getTopUpVaultTxParams(client, parameters)]);
}
