import type { Cell } from '@ton/core';
import { cellHash, decodeTerms, Registry, type Terms } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { type NetworkMismatchError, TermsMismatchError } from '../../client/errors';
import type { RpcError } from '../../rpc';
import { getNetwork } from './get-network';

export type GetTermsReturnType = {
    readonly cell: Cell;
    readonly hash: bigint;
    readonly terms: Terms;
};
export type GetTermsErrorType = NetworkMismatchError | TermsMismatchError | RpcError;

/** The current terms, checked against the hash in the Registry's state. */
export async function getTerms(client: CocoonClient): Promise<GetTermsReturnType> {
    const registry = client.open(Registry.fromAddress(client.registry));
    const [network, cell] = await Promise.all([getNetwork(client), registry.getTermsCell()]);
    const hash = cellHash(cell);
    if (hash !== network.termsHash) throw new TermsMismatchError(network.termsHash, hash);
    return { cell, hash, terms: decodeTerms(cell) };
}
