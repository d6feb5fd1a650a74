import type { Address, Cell } from '@ton/core';
import { type NewOffer, Node, type NodeHot, registryBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { InvalidArgumentError } from '../../errors';
import { withMargin } from '../../fees';
import { assertTermsSupported } from '../network/check-compatibility';
import { getNetwork } from '../network/get-network';
import { getRelease } from '../network/get-release';
import { type GetTermsErrorType, getTerms } from '../network/get-terms';
import { assertNotPaused } from '../network/is-paused';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { findEvent, sendTransactions, type WriteErrorType, type WriteResult } from '../write';

/** A node to register. The sender becomes its owner. */
export type RegisterNodeParameters = QueryOption & {
    /** nanoTON; at least minStake of the terms. Claims lock what is above the reserve of the terms. */
    readonly stake: bigint;
    /** Wallet that claims and submits. */
    readonly operator: Address;
    /** Where earnings go; the operator by default. */
    readonly payout?: Address;
    /** Ed25519 public key that signs. */
    readonly operatorKey: bigint;
    /** X25519 public key to which content keys are sealed. */
    readonly encryptionKey: bigint;
    /** https URL, or empty for a node that only takes jobs. */
    readonly endpoint?: string;
    readonly offers: readonly NewOffer[];
    /** The node release and terms that the owner agrees to; the current ones by default. */
    readonly releaseHash?: bigint;
    readonly termsHash?: bigint;
};
export type RegisterNodeReturnType = WriteResult & { readonly index: number; readonly address: Address };
export type RegisterNodeErrorType = WriteErrorType | GetTermsErrorType;

/** Body of RegisterNode, for hashes that the owner has reviewed. Pure. */
export function createRegisterNodeBody(
    parameters: Omit<RegisterNodeParameters, 'stake'> & {
        readonly releaseHash: bigint;
        readonly termsHash: bigint;
    },
): Cell {
    const { operator, payout = operator, encryptionKey, endpoint = '', offers } = parameters;
    const hot: NodeHot = { operator, payout, encryptionKey };
    return registryBodies.registerNode({ ...parameters, hot, endpoint, offers: [...offers] });
}

/** Reads what is current and computes the value: stake, storage of the node and fees. */
export async function getRegisterNodeTxParams(
    client: CocoonClient,
    parameters: RegisterNodeParameters,
): Promise<TxParams> {
    const [network, { hash: termsHash, terms }, release] = await Promise.all([
        getNetwork(client),
        getTerms(client),
        getRelease(client),
    ]);
    assertTermsSupported(terms);
    const { minStake } = terms.stakeParams;
    if (parameters.stake < minStake) {
        throw new InvalidArgumentError(`The stake must be at least ${minStake} nanoTON.`, {
            details: { stake: parameters.stake, minStake },
        });
    }
    return {
        to: client.registry,
        value: parameters.stake + withMargin(network.minimumRegistration - minStake),
        body: createRegisterNodeBody({ releaseHash: release.hash, termsHash, ...parameters }),
    };
}

/** Registers a node. What is not needed for fees becomes stake. Throws NetworkPausedError. */
export async function registerNode(
    client: CocoonClient,
    parameters: RegisterNodeParameters,
): Promise<RegisterNodeReturnType> {
    await assertNotPaused(client);
    const result = await sendTransactions(client, [await getRegisterNodeTxParams(client, parameters)]);
    const index = Number(findEvent(result, 'NodeRegistered')!.index);
    return { ...result, index, address: Node.fromIndex(client.registry, index).address };
}
