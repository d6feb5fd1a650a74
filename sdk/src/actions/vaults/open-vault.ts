import type { Address, Cell } from '@ton/core';
import {
    MAX_OPEN_AHEAD,
    Vault,
    type VaultAllocation,
    type VaultIdentity,
    vaultBodies,
} from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import type { NetworkPausedError, SdkOutdatedError } from '../../client/errors';
import type { InvalidArgumentError } from '../../errors';
import { messageFees, withMargin } from '../../fees';
import { bytesToHex } from '../../utils';
import { type GetTermsErrorType, getTerms } from '../network/get-terms';
import { assertNotPaused } from '../network/is-paused';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { check, checkAmount, checkedAllocations, totalOf } from './checks';
import { assertVaultSupported } from './genuine';
import { madeAllocations } from './made';
import type { AllocationOrder } from './target';

/** A vault to open, under the current terms. Defaults in brackets. */
export type OpenVaultParameters = QueryOption & {
    /** nanoTON that can be allocated and withdrawn; the storage reserve and fees come on top. */
    readonly deposit: bigint;
    /** At most 32, of the deposit [none]. */
    readonly allocations?: readonly AllocationOrder[];
    /** Unsigned 64 bits [random]. */
    readonly nonce?: bigint;
    /** Unix time before which the vault must be opened, and from which it can be destroyed [in 1 h]. */
    readonly openBefore?: number;
    /** The wallet that opens it and owns it [the client's sender]. */
    readonly from?: Address;
};
export type GetOpenVaultTxParamsReturnType = TxParams & { readonly identity: VaultIdentity };
export type OpenVaultReturnType = WriteResult & {
    readonly address: Address;
    readonly identity: VaultIdentity;
    /** In the order of the parameters. */
    readonly allocations: readonly VaultAllocation[];
};
export type OpenVaultErrorType =
    | WriteErrorType
    | GetTermsErrorType
    | NetworkPausedError
    | SdkOutdatedError
    | InvalidArgumentError;

const DEFAULT_WINDOW = 3_600;

/** Body of OpenVault. Pure. Throws InvalidArgumentError. */
export function createOpenVaultBody(
    parameters: QueryOption & { readonly terms: Cell; readonly allocations?: readonly AllocationOrder[] },
): Cell {
    const { queryId, terms, allocations = [] } = parameters;
    return vaultBodies.open({
        queryId,
        terms,
        allocations: allocations.length === 0 ? [] : checkedAllocations(allocations),
    });
}

/** Throws NetworkPausedError, SdkOutdatedError, InvalidArgumentError. */
export async function getOpenVaultTxParams(
    client: CocoonClient,
    parameters: OpenVaultParameters,
): Promise<GetOpenVaultTxParamsReturnType> {
    const { deposit, allocations = [] } = parameters;
    const from = parameters.from ?? client.sender.address;
    checkMoney(deposit, allocations);
    check(from.workChain === 0, 'from', 'a wallet in the basechain');
    const [{ cell: terms, hash: termsHash, terms: decoded }, prices, now] = await Promise.all([
        getTerms(client),
        client.getPrices(),
        client.getTime(),
        assertNotPaused(client),
    ]);
    assertVaultSupported(decoded);
    const openBefore = parameters.openBefore ?? now + DEFAULT_WINDOW;
    checkWindow(openBefore, now);
    const nonce = parameters.nonce ?? BigInt(`0x${bytesToHex(client.randomBytes(8))}`);
    const identity = { registry: client.registry, termsHash, client: from, nonce, openBefore };
    const { address, init } = Vault.fromIdentity(identity);
    const fees = withMargin(messageFees.openVault(prices, allocations.length));
    return {
        to: address,
        value: deposit + fees + messageFees.vaultStorage(prices, allocations.length),
        body: createOpenVaultBody({ ...parameters, terms }),
        init,
        identity,
    };
}

/** Opens a vault with a deposit, and allocates it at once if asked to. */
export async function openVault(
    client: CocoonClient,
    parameters: OpenVaultParameters,
): Promise<OpenVaultReturnType> {
    const { identity, ...tx } = await getOpenVaultTxParams(client, {
        ...parameters,
        from: client.sender.address,
    });
    const result = await sendTransactions(client, [tx]);
    const allocations = await madeAllocations(client, { vault: tx.to }, parameters.allocations ?? []);
    return { ...result, address: tx.to, identity, allocations };
}

function checkMoney(deposit: bigint, allocations: readonly AllocationOrder[]): void {
    checkAmount(deposit, 'deposit');
    const total = totalOf(allocations);
    check(
        deposit >= total,
        'deposit',
        `at least what is allocated, ${total} nanoTON`,
        'Deposit more, or allocate less.',
    );
}

function checkWindow(openBefore: number, now: number): void {
    check(
        Number.isInteger(openBefore) && openBefore > now && openBefore <= now + Number(MAX_OPEN_AHEAD),
        'openBefore',
        `after the chain's time (${now}) and at most ${MAX_OPEN_AHEAD} seconds ahead`,
    );
}
