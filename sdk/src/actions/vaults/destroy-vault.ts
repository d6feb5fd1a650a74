import { vaultBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import type { InvalidArgumentError } from '../../errors';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { check } from './checks';
import { readVaultIdentity } from './genuine';
import { getVault } from './get-vault';
import type { VaultTarget } from './target';

export type DestroyVaultParameters = VaultTarget & QueryOption;
export type DestroyVaultReturnType = WriteResult;
export type DestroyVaultErrorType = WriteErrorType | InvalidArgumentError;

export const createDestroyVaultBody = vaultBodies.destroy;

/** Throws InvalidArgumentError before openBefore, and while there are allocations. */
export async function getDestroyVaultTxParams(
    client: CocoonClient,
    parameters: DestroyVaultParameters,
): Promise<TxParams> {
    const { vault } = parameters;
    const [prices, identity, opened, now] = await Promise.all([
        client.getPrices(),
        readVaultIdentity(client, vault),
        getVault(client, { vault }),
        client.getTime(),
    ]);
    check(identity !== null, 'vault', 'the address of a vault', 'Check the address and the network.');
    const { openBefore } = identity!;
    check(now >= openBefore, 'vault', `past its openBefore, ${openBefore}`, 'Wait; withdraw meanwhile.');
    check((opened?.count ?? 0) === 0, 'vault', 'without allocations', 'Release its allocations first.');
    return {
        to: vault,
        value: withMargin(messageFees.destroyVault(prices)),
        body: createDestroyVaultBody(parameters),
    };
}

/** Ends a vault; all it holds goes to its client. From the client, or from anyone where it was never opened. */
export async function destroyVault(
    client: CocoonClient,
    parameters: DestroyVaultParameters,
): Promise<DestroyVaultReturnType> {
    return sendTransactions(client, [await getDestroyVaultTxParams(client, parameters)]);
}
