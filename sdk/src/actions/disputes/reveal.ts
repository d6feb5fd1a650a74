import type { Cell } from '@ton/core';
import { disputeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import type { NodeNotFoundError } from '../../client/errors';
import {
    type DisputeNotFoundError,
    type DisputeStateError,
    VoteMissingError,
    type VoteRecord,
    type VoteStore,
    voteTag,
} from '../../disputes';
import { messageFees, withMargin } from '../../fees';
import { getNode } from '../nodes/get-node';
import type { NodeTarget } from '../nodes/target';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { requireDispute } from './get-dispute';
import type { DisputeTarget } from './target';

export type RevealVoteParameters = DisputeTarget &
    NodeTarget &
    QueryOption & {
        /** With which the seat was taken. */
        readonly votes: VoteStore;
    };
export type RevealVoteReturnType = WriteResult;
export type RevealVoteErrorType =
    | WriteErrorType
    | DisputeNotFoundError
    | DisputeStateError
    | NodeNotFoundError
    | VoteMissingError;

/** Body of Reveal. Pure. */
export function createRevealVoteBody({
    queryId,
    record: { index, vote, salt },
}: QueryOption & { readonly record: VoteRecord }): Cell {
    return disputeBodies.reveal({ queryId, index, vote: voteTag(vote), salt: BigInt(`0x${salt}`) });
}

/** Throws VoteMissingError where the store has no vote of this round, DisputeStateError outside of Revealing. */
export async function getRevealVoteTxParams(
    client: CocoonClient,
    parameters: RevealVoteParameters,
): Promise<TxParams> {
    const { dispute, votes, queryId } = parameters;
    const [{ round }, { index }, prices] = await Promise.all([
        requireDispute(client, { dispute }, 'revealing'),
        getNode(client, parameters),
        client.getPrices(),
    ]);
    const place = { dispute: dispute.toRawString(), round, index };
    const record = await votes.get(place);
    if (record === undefined) throw new VoteMissingError(place.dispute, round, index);
    return {
        to: dispute,
        value: withMargin(messageFees.revealVote(prices)),
        body: createRevealVoteBody({ queryId, record }),
    };
}

/** Opens the sealed vote of a seat. From the operator that took it, within revealWindow, or the whole juror bond is lost. */
export async function revealVote(
    client: CocoonClient,
    parameters: RevealVoteParameters,
): Promise<RevealVoteReturnType> {
    return sendTransactions(client, [await getRevealVoteTxParams(client, parameters)]);
}
