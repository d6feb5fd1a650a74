import { type PendingProposal, Registry } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import type { RpcError } from '../../rpc';

export type GetProposalParameters = { readonly id: number };
export type GetProposalReturnType = PendingProposal | null;
export type GetProposalErrorType = RpcError;

/** A pending proposal; null when it was executed, cancelled or never made. */
export function getProposal(
    client: CocoonClient,
    { id }: GetProposalParameters,
): Promise<GetProposalReturnType> {
    return client.open(Registry.fromAddress(client.registry)).getProposal(id);
}
