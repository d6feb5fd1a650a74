import type { Address, Cell } from '@ton/core';
import { encodeProposal, type ProposalParts, registryBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { findEvent, sendTransactions, type WriteErrorType, type WriteResult } from '../write';

/** What all writes of governance can throw. */
export type GovernanceErrorType = WriteErrorType;

export type ProposeParameters = QueryOption & { readonly proposal: ProposalParts | Cell };
export type ProposeReturnType = WriteResult & {
    readonly id: number;
    /** Unix seconds; it can be executed from then on, for 30 days. */
    readonly executableAt: number;
    /** Needed again to execute it. */
    readonly proposal: Cell;
};

export const createProposeBody = registryBodies.propose;

export async function getProposeTxParams(
    client: CocoonClient,
    parameters: ProposeParameters,
): Promise<TxParams> {
    const prices = await client.getPrices();
    return toRegistry(client, messageFees.propose(prices), createProposeBody(parameters));
}

/** Starts the timelock of a change. From the governor. */
export async function propose(
    client: CocoonClient,
    parameters: ProposeParameters,
): Promise<ProposeReturnType> {
    const proposal = encodeProposal(parameters.proposal);
    const tx = await getProposeTxParams(client, { ...parameters, proposal });
    const result = await sendTransactions(client, [tx]);
    const event = findEvent(result, 'ProposalQueued')!;
    return { ...result, id: Number(event.id), executableAt: Number(event.executableAt), proposal };
}

export type ExecuteProposalParameters = QueryOption & {
    readonly id: number;
    readonly proposal: ProposalParts | Cell;
};

export const createExecuteProposalBody = registryBodies.execute;

/** The value also covers what the Registry keeps for a larger state; the rest returns. */
export async function getExecuteProposalTxParams(
    client: CocoonClient,
    parameters: ExecuteProposalParameters,
): Promise<TxParams> {
    const prices = await client.getPrices();
    const proposal = encodeProposal(parameters.proposal);
    const growth = messageFees.registryStorage(prices, { cells: 1_024, bits: 1_024 * 1_023 }, 32);
    const fee = messageFees.execute(prices) + growth;
    return toRegistry(client, fee, createExecuteProposalBody({ ...parameters, proposal }));
}

/** Puts a proposal into force. From anyone, after its timelock. */
export async function executeProposal(
    client: CocoonClient,
    parameters: ExecuteProposalParameters,
): Promise<WriteResult> {
    return sendTransactions(client, [await getExecuteProposalTxParams(client, parameters)]);
}

export type CancelProposalParameters = QueryOption & { readonly id: number };

export const createCancelProposalBody = registryBodies.cancel;

export async function getCancelProposalTxParams(
    client: CocoonClient,
    parameters: CancelProposalParameters,
): Promise<TxParams> {
    return simple(client, createCancelProposalBody(parameters));
}

/** Drops a proposal. From the governor. */
export async function cancelProposal(
    client: CocoonClient,
    parameters: CancelProposalParameters,
): Promise<WriteResult> {
    return sendTransactions(client, [await getCancelProposalTxParams(client, parameters)]);
}

export type TransferGovernanceParameters = QueryOption & { readonly newGovernor: Address };

export const createTransferGovernanceBody = registryBodies.transferGovernance;

export async function getTransferGovernanceTxParams(
    client: CocoonClient,
    parameters: TransferGovernanceParameters,
): Promise<TxParams> {
    return simple(client, createTransferGovernanceBody(parameters));
}

/** Names a new governor, who must accept. From the governor. */
export async function transferGovernance(
    client: CocoonClient,
    parameters: TransferGovernanceParameters,
): Promise<WriteResult> {
    return sendTransactions(client, [await getTransferGovernanceTxParams(client, parameters)]);
}

export const createAcceptGovernanceBody = registryBodies.acceptGovernance;

export async function getAcceptGovernanceTxParams(
    client: CocoonClient,
    parameters: QueryOption = {},
): Promise<TxParams> {
    return simple(client, createAcceptGovernanceBody(parameters));
}

/** Takes governance over. From the new governor. */
export async function acceptGovernance(
    client: CocoonClient,
    parameters: QueryOption = {},
): Promise<WriteResult> {
    return sendTransactions(client, [await getAcceptGovernanceTxParams(client, parameters)]);
}

async function simple(client: CocoonClient, body: Cell): Promise<TxParams> {
    return toRegistry(client, messageFees.governance(await client.getPrices()), body);
}

function toRegistry(client: CocoonClient, fee: bigint, body: Cell): TxParams {
    return { to: client.registry, value: withMargin(fee), body };
}
