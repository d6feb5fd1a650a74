import type { Cell } from '@ton/core';
import { commitmentHash, nodeBodies, type SeatRequest, subjectHash } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import type { NodeNotFoundError } from '../../client/errors';
import {
    type DisputeNotFoundError,
    type DisputeStateError,
    isSeatDue,
    keepVote,
    SeatNotDueError,
    seatDueAt,
    type Vote,
    type VoteRecord,
    type VoteStandsError,
    type VoteStore,
    type VoteStoreError,
    voteTag,
} from '../../disputes';
import type { InvalidArgumentError } from '../../errors';
import { messageFees, withMargin } from '../../fees';
import { getNode, type NodeInfo } from '../nodes/get-node';
import { type NodeTarget, nodeAddress } from '../nodes/target';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { check } from '../vaults/checks';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { type DisputeInfo, requireDispute } from './get-dispute';
import { drawOf, getJurorStake } from './juror-stake';
import type { DisputeTarget } from './target';

export type TakeSeatParameters = DisputeTarget &
    NodeTarget &
    QueryOption & {
        /** A seat comes with its sealed vote: who does not know its verdict does not sit. */
        readonly vote: Vote;
        /** Keeps the salt before the commitment leaves; the one that reveals must have it. */
        readonly votes: VoteStore;
    };
export type TakeSeatReturnType = WriteResult & { readonly round: number };
export type TakeSeatErrorType =
    | WriteErrorType
    | DisputeNotFoundError
    | DisputeStateError
    | NodeNotFoundError
    | SeatNotDueError
    | VoteStandsError
    | VoteStoreError
    | InvalidArgumentError;

/** Body of TakeSeat. Pure. */
export function createTakeSeatBody(parameters: QueryOption & SeatRequest): Cell {
    return nodeBodies.takeSeat(parameters);
}

/**
 * Makes the vote durable and commits to it. Throws SeatNotDueError before the sortition admits the node, VoteStandsError where
 * another vote was committed to, VoteStoreError where none could be kept.
 */
export async function getTakeSeatTxParams(
    client: CocoonClient,
    parameters: TakeSeatParameters,
): Promise<TxParams & { readonly round: number }> {
    const { dispute, vote, votes, queryId } = parameters;
    const node = nodeAddress(client, parameters);
    const [info, juror, held, prices, now] = await Promise.all([
        requireDispute(client, { dispute }, 'seating'),
        getNode(client, { node }),
        getJurorStake(client, { node }),
        client.getPrices(),
        client.getTime(),
    ]);
    const { index } = juror;
    const draw = drawOf(info);
    if (!isSeatDue(draw, held.stake, index, now)) {
        throw new SeatNotDueError(index, dueWithin(info, seatDueAt(draw, held.stake, index)));
    }
    const offer = offerOf(juror, info.case!.modelId);
    const place = { dispute: dispute.toRawString(), round: info.round, index };
    const record = await keepVote(votes, place, vote, client.randomBytes);
    return {
        to: node,
        value: withMargin(messageFees.takeSeat(prices)),
        body: createTakeSeatBody({
            queryId,
            termsHash: info.termsHash,
            subject: subjectHash(info.subject),
            openBefore: info.openBefore,
            round: info.round,
            offer,
            commitment: commitmentOf(parameters, record),
        }),
        round: info.round,
    };
}

/** Takes a seat in the jury with a sealed vote. From the operator of a node with juror stake. */
export async function takeSeat(
    client: CocoonClient,
    parameters: TakeSeatParameters,
): Promise<TakeSeatReturnType> {
    const { round, ...tx } = await getTakeSeatTxParams(client, parameters);
    return { ...(await sendTransactions(client, [tx])), round };
}

function commitmentOf({ dispute }: DisputeTarget, { round, index, vote, salt }: VoteRecord): bigint {
    return commitmentHash({ dispute, round, index, vote: voteTag(vote), salt: BigInt(`0x${salt}`) });
}

/** Undefined where the window ends before. */
function dueWithin({ deadline }: DisputeInfo, dueAt: number | undefined): number | undefined {
    return dueAt !== undefined && dueAt <= deadline ? dueAt : undefined;
}

function offerOf({ profile }: NodeInfo, modelId: bigint): number {
    const found = [...profile.offers].find(([, offer]) => offer.modelId === modelId);
    check(
        found !== undefined,
        'node',
        'one that offers the disputed model',
        'Only such a node can judge it.',
    );
    return found![0];
}
