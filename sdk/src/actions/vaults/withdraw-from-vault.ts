import { vaultBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import type { InvalidArgumentError } from '../../errors';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { check } from './checks';
import { requireVault } from './get-vault';
import type { VaultTarget } from './target';

export type WithdrawFromVaultParameters = VaultTarget &
    QueryOption & { /** nanoTON; all that is free by default. */ readonly amount?: bigint };
export type WithdrawFromVaultReturnType = WriteResult;
export type WithdrawFromVaultErrorType = WriteErrorType | InvalidArgumentError;

export const createWithdrawFromVaultBody = vaultBodies.withdraw;

/** Throws InvalidArgumentError when so much is not free. */
export async function getWithdrawFromVaultTxParams(
    client: CocoonClient,
    parameters: WithdrawFromVaultParameters,
): Promise<TxParams> {
    const { vault, amount } = parameters;
    const [prices, { free }] = await Promise.all([client.getPrices(), requireVault(client, vault)]);
    const wanted = amount ?? free;
    const remedy = 'Withdraw less, or release allocations first.';
    check(
        wanted > 0n && wanted <= free,
        'amount',
        `above 0 and at most what is free, ${free} nanoTON`,
        remedy,
    );
    return {
        to: vault,
        value: withMargin(messageFees.withdrawFromVault(prices)),
        body: createWithdrawFromVaultBody(parameters),
    };
}

/** Takes free money out of a vault. From its client. */
export async function withdrawFromVault(
    client: CocoonClient,
    parameters: WithdrawFromVaultParameters,
): Promise<WithdrawFromVaultReturnType> {
    return sendTransactions(client, [await getWithdrawFromVaultTxParams(client, parameters)]);
}
