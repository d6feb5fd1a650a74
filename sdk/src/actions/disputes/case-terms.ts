import type { Address, Cell } from '@ton/core';
import { cellHash, codeId, Dispute, type DisputeParams, decodeTerms, type Terms } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { NodeNotFoundError } from '../../client/errors';
import { DisputeTermsMissingError, DisputeTermsUnsupportedError } from '../../disputes';
import { type GetTermsErrorType, getTerms } from '../network/get-terms';
import { getNode } from '../nodes/get-node';

/** Terms under which something can be disputed. */
export type CaseTerms = {
    readonly cell: Cell;
    readonly hash: bigint;
    readonly terms: Terms;
    readonly params: DisputeParams;
};
export type CaseTermsErrorType = DisputeTermsMissingError | DisputeTermsUnsupportedError | GetTermsErrorType;

/**
 * The terms of a vault or job: as given, else the current ones, else those that the node holds.
 * Throws DisputeTermsMissingError, DisputeTermsUnsupportedError.
 */
export async function caseTerms(
    client: CocoonClient,
    hash: bigint,
    { terms, node }: { readonly terms?: Cell; readonly node?: Address },
): Promise<CaseTerms> {
    const cell = terms ?? (await findTerms(client, hash, node));
    if (cell === undefined || cellHash(cell) !== hash) throw new DisputeTermsMissingError(hash);
    const decoded = decodeTerms(cell);
    const { dispute, disputes } = decoded.kinds;
    if (dispute === null || disputes === null) throw new DisputeTermsUnsupportedError('no disputes');
    if (dispute.hash !== codeId(Dispute.code()).hash) {
        throw new DisputeTermsUnsupportedError('another dispute code');
    }
    return { cell, hash, terms: decoded, params: disputes };
}

async function findTerms(client: CocoonClient, hash: bigint, node?: Address): Promise<Cell | undefined> {
    const current = await getTerms(client);
    if (current.hash === hash || node === undefined) return current.cell;
    try {
        const held = await getNode(client, { node });
        return held.terms.find(({ termsHash }) => termsHash === hash)?.terms;
    } catch (error) {
        if (error instanceof NodeNotFoundError) return undefined;
        throw error;
    }
}
