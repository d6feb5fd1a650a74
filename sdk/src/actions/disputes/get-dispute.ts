import type { Address } from '@ton/core';
import { Dispute, type DisputeData, subjectHash } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import {
    DisputeNotFoundError,
    type DisputePhase,
    DisputeStateError,
    type Vote,
    voteOfTag,
} from '../../disputes';
import { GetMethodError, type RpcError } from '../../rpc';
import type { DisputeTarget } from './target';

export type GetDisputeParameters = DisputeTarget;
/** State of a dispute; timeline() and nextStep() say what is due in it. Amounts in nanoTON, times in unix seconds. */
export type DisputeInfo = DisputeData & { readonly address: Address };
export type GetDisputeReturnType = DisputeInfo | null;
export type GetDisputeErrorType = RpcError;

/** State of a dispute; null when there is none of this network at the address: never opened, refused, or destroyed. */
export async function getDispute(
    client: CocoonClient,
    { dispute }: GetDisputeParameters,
): Promise<GetDisputeReturnType> {
    try {
        const data = await client.open(Dispute.fromAddress(dispute)).getDispute();
        if (data === null || !isGenuine(client, dispute, data)) return null;
        return { ...data, address: dispute };
    } catch (error) {
        // Nothing there, or a contract that is no dispute.
        if (error instanceof GetMethodError) return null;
        throw error;
    }
}

/** A seat of the present round. `vote` is undefined until it is revealed. */
export type SeatInfo = {
    /** Of the juror's node. */
    readonly index: number;
    readonly node: Address;
    /** The only one that may reveal. */
    readonly operator: Address;
    readonly commitment: bigint;
    readonly vote: Vote | undefined;
};
export type GetSeatsReturnType = readonly SeatInfo[];
export type GetSeatsErrorType = GetDisputeErrorType | DisputeNotFoundError;

/** Seats of the present round in the order in which they were taken. Throws DisputeNotFoundError. */
export async function getSeats(
    client: CocoonClient,
    parameters: GetDisputeParameters,
): Promise<GetSeatsReturnType> {
    const { seats } = await requireDispute(client, parameters);
    return seats.map((seat) => ({ ...seat, vote: seat.vote === null ? undefined : voteOfTag(seat.vote) }));
}

/** A dispute that must be in one of these phases, in any where none is named. Throws DisputeNotFoundError or DisputeStateError. */
export async function requireDispute(
    client: CocoonClient,
    { dispute }: DisputeTarget,
    ...wanted: readonly DisputePhase[]
): Promise<DisputeInfo> {
    const info = await getDispute(client, { dispute });
    if (info === null) throw new DisputeNotFoundError(dispute.toString());
    if (wanted.length > 0 && !wanted.includes(info.phase)) {
        throw new DisputeStateError(dispute.toString(), info.phase, wanted.join(' or '));
    }
    return info;
}

/** Anybody can deploy a contract that says it is a dispute: only the address proves it. */
function isGenuine(client: CocoonClient, dispute: Address, data: DisputeData): boolean {
    const { registry, termsHash, openBefore } = data;
    if (!registry.equals(client.registry)) return false;
    const subject = subjectHash(data.subject);
    return Dispute.fromIdentity({ registry, termsHash, subject, openBefore }).address.equals(dispute);
}
