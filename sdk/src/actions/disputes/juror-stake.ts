import type { Address, Cell } from '@ton/core';
import { Node, nodeBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import type { SeatDraw } from '../../disputes';
import { messageFees, withMargin } from '../../fees';
import type { RpcError } from '../../rpc';
import { type NodeTarget, nodeAddress } from '../nodes/target';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { check } from '../vaults/checks';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import type { DisputeInfo } from './get-dispute';

export type SetJurorStakeParameters = NodeTarget &
    QueryOption & {
        /** nanoTON of the node's free stake; 0 opts out. */
        readonly amount: bigint;
    };
export type SetJurorStakeReturnType = WriteResult;
export type SetJurorStakeErrorType = WriteErrorType;

/** Body of SetJurorStake. Pure. Throws InvalidArgumentError. */
export function createSetJurorStakeBody({ queryId, amount }: Omit<SetJurorStakeParameters, 'node'>): Cell {
    check(amount >= 0n, 'amount', 'at least 0 nanoTON');
    return nodeBodies.setJurorStake({ queryId, amount });
}

export async function getSetJurorStakeTxParams(
    client: CocoonClient,
    parameters: SetJurorStakeParameters,
): Promise<TxParams> {
    const prices = await client.getPrices();
    return {
        to: nodeAddress(client, parameters),
        value: withMargin(messageFees.nodeSimple(prices)),
        body: createSetJurorStakeBody(parameters),
    };
}

/**
 * Sets the part of a node's stake that stands for juror duty. From the owner. A raise starts its age anew: it serves only
 * disputes that are younger by jurorAge.
 */
export async function setJurorStake(
    client: CocoonClient,
    parameters: SetJurorStakeParameters,
): Promise<SetJurorStakeReturnType> {
    return sendTransactions(client, [await getSetJurorStakeTxParams(client, parameters)]);
}

/** What stands for juror duty. Amounts in nanoTON. */
export type JurorStake = {
    readonly stake: bigint;
    /** Locked by seats that are taken. */
    readonly bonds: bigint;
    /** Of the last raise, unix seconds. */
    readonly since: number;
    /** Disputes in which the node sits. */
    readonly seats: readonly Address[];
};
export type GetJurorStakeErrorType = RpcError;

/** The juror stake of a node and what of it is in use. */
export async function getJurorStake(client: CocoonClient, parameters: NodeTarget): Promise<JurorStake> {
    const court = await client.open(Node.fromAddress(nodeAddress(client, parameters))).getCourt();
    return {
        stake: court.jurorStake,
        bonds: court.bonds,
        since: court.jurorSince,
        seats: court.seats.map(({ dispute }) => dispute),
    };
}

/** What decides about seats of the present round, for isSeatDue and seatDueAt. The dispute must be confirmed. */
export function drawOf({ case: confirmed, round, begun, params }: DisputeInfo): SeatDraw {
    return { seed: confirmed!.seed, round, seatingSince: begun, seatRate: params.seatRate };
}
