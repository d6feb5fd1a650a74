import { type Address, beginCell, type Cell, toNano } from '@ton/core';
import { commitmentHash, disputeBodies, VOTE } from 'cocoon-wrappers';
import {
    storeAccused,
    storeAccusedParties,
    storeJobFacts,
    storeJurorSeat,
    storeSeat,
    storeSessionFacts,
} from '../../../build/Dispute/Dispute_Dispute';
import { now } from '../blockchain';
import { type Shown, snake } from '../disclosed';
import { MODEL_ID } from '../protocol';
import { DAY } from '../terms';
import { ACCUSED, type Court, type Juror, STAKE } from './court';

// What is said to a Dispute, by wallets and in the name of puppets.

const COLLATERAL = toNano('10');

export function openBody({ scene, subject, evidence }: Court): Cell {
    return disputeBodies.open({ queryId: 3n, terms: scene.protocol.termsCell, subject, evidence });
}

export function accusedBody(court: Court, changes: { index?: number; hardEnd?: number } = {}): Cell {
    const id = ({ address }: { address: Address }) => BigInt(`0x${address.hash.toString('hex')}`);
    return beginCell()
        .store(
            storeAccused({
                $$type: 'Accused',
                queryId: 3n,
                index: BigInt(changes.index ?? ACCUSED),
                amount: COLLATERAL,
                hardEnd: BigInt(
                    changes.hardEnd ??
                        now(court.scene.blockchain) + court.scene.protocol.terms.stakeParams.longestDispute,
                ),
                parties: beginCell()
                    .store(
                        storeAccusedParties({
                            $$type: 'AccusedParties',
                            owner: id(court.owner),
                            operator: id(court.operator),
                            payout: id(court.payout),
                        }),
                    )
                    .endCell(),
                facts: court.facts,
            }),
        )
        .endCell();
}

export function itemBody(
    { shown }: Court,
    changes: Partial<Parameters<typeof disputeBodies.discloseItem>[0]> = {},
) {
    const { index, input } = shown;
    return disputeBodies.discloseItem({ index, ...input, ...changes });
}

export function requestBody({ shown }: Court): Cell {
    return disputeBodies.discloseRequest({ salt: shown.salt, task: 1, body: snake(shown.request) });
}

export function responseBody({ shown }: Court): Cell {
    return disputeBodies.discloseResponse({ salt: shown.salt, deltas: snake(shown.response) });
}

export function answerBody({ shown }: Court): Cell {
    return disputeBodies.answerItem(shown.result);
}

export interface SeatChanges {
    round?: number;
    bond?: bigint;
    stake?: bigint;
    stakeSince?: number;
    modelId?: bigint;
    offeredSince?: number;
    owner?: Address;
    vote?: number;
    commitment?: bigint;
}

export function seatBody(court: Court, seat: Juror, changes: SeatChanges = {}): Cell {
    const old = now(court.scene.blockchain) - 30 * DAY;
    const { round = 1, vote = VOTE.client, owner = seat.owner } = changes;
    const commitment =
        changes.commitment ?? commitmentHash({ ...seat, dispute: court.dispute.address, round, vote });
    const juror = beginCell().store(
        storeJurorSeat({
            $$type: 'JurorSeat',
            owner: BigInt(`0x${owner.hash.toString('hex')}`),
            operator: BigInt(`0x${seat.operator.address.hash.toString('hex')}`),
            commitment,
        }),
    );
    return beginCell()
        .store(
            storeSeat({
                $$type: 'Seat',
                queryId: 4n,
                index: BigInt(seat.index),
                round: BigInt(round),
                bond: changes.bond ?? court.params.jurorBond,
                stake: changes.stake ?? STAKE,
                stakeSince: BigInt(changes.stakeSince ?? old),
                modelId: changes.modelId ?? MODEL_ID,
                offeredSince: BigInt(changes.offeredSince ?? old),
                juror: juror.endCell(),
            }),
        )
        .endCell();
}

export function revealBody({ index, salt }: Juror, vote: number): Cell {
    return disputeBodies.reveal({ index, vote, salt });
}

export function jobFacts(shown: Shown): Cell {
    const { inputTop, resultRoot, items } = shown;
    return beginCell()
        .store(
            storeJobFacts({
                $$type: 'JobFacts',
                modelId: MODEL_ID,
                inputTop,
                resultRoot,
                items: BigInt(items),
            }),
        )
        .endCell();
}

export function sessionFacts({ requestHash, responseHash }: Shown): Cell {
    return beginCell()
        .store(storeSessionFacts({ $$type: 'SessionFacts', modelId: MODEL_ID, requestHash, responseHash }))
        .endCell();
}
