import type { Address, Transaction } from '@ton/core';
import {
    DISPUTE_OUTCOMES,
    DISPUTE_PHASES,
    decodeEvent,
    decodeFreezeLock,
    opcodes,
    type ProtocolEvent,
} from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { type DisputePhase, type Vote, voteOfTag } from '../../disputes';
import type { RpcError } from '../../rpc';
import { accountAddress, integerToHash } from '../../utils';
import {
    type WatchAccountOptions,
    type WatchedTransaction,
    type WatchGapError,
    watchAccount,
} from '../../watch';
import { opcodeOf, succeeded } from '../jobs/history';
import type { DisputeTarget } from './target';

/** What happened in a dispute. Amounts in nanoTON, times in unix seconds. */
export type DisputeEvent =
    | {
          readonly type: 'confirmed';
          /** Of the accused node. */
          readonly index: number;
          readonly amount: bigint;
          readonly hardEnd: number;
          readonly seed: bigint;
      }
    | {
          readonly type: 'phase';
          readonly phase: DisputePhase;
          /** Last second of the phase. */
          readonly deadline: number;
      }
    /** `taken`: seats of this round so far; with the last one the votes are revealed. */
    | { readonly type: 'seatTaken'; readonly round: number; readonly index: number; readonly taken: number }
    | {
          readonly type: 'voteRevealed';
          readonly round: number;
          readonly index: number;
          readonly vote: Vote | undefined;
      }
    | {
          readonly type: 'resolved';
          readonly outcome: (typeof DISPUTE_OUTCOMES)[number];
          readonly round: number;
          readonly votesForClient: number;
          readonly votesForNode: number;
      };
export type WatchedDisputeEvent = DisputeEvent & Pick<WatchedTransaction, 'commit'>;

export type WatchDisputeParameters = DisputeTarget &
    Omit<WatchAccountOptions, 'reader' | 'clock' | 'address'>;
export type WatchDisputeErrorType = WatchGapError | RpcError;

/**
 * What happens in a dispute, each thing once and in order, across restarts with a durable CursorStore, until it is resolved.
 * See watchAccount for cursors and errors.
 */
export async function* watchDispute(
    client: CocoonClient,
    { dispute, ...options }: WatchDisputeParameters,
): AsyncGenerator<WatchedDisputeEvent, void, void> {
    for await (const { tx, commit } of watched(client, { ...options, address: dispute })) {
        for (const event of eventsOf(tx).flatMap((raw) => disputeEvent(raw) ?? [])) {
            yield { ...event, commit };
            if (event.type === 'resolved') {
                await commit();
                return;
            }
        }
    }
}

export type WatchAccusationsParameters = Omit<WatchAccountOptions, 'reader' | 'clock'>;
export type WatchedAccusation = DisputeTarget & Pick<WatchedTransaction, 'commit'>;

/**
 * Disputes in which a node is accused, as its account tells: give the address of the node. How jurors find what they may judge,
 * and a node that it has to answer. Each is checked by getDispute only.
 */
export async function* watchAccusations(
    client: CocoonClient,
    parameters: WatchAccusationsParameters,
): AsyncGenerator<WatchedAccusation, void, void> {
    for await (const { tx, commit } of watched(client, parameters)) {
        const dispute = accusationIn(tx);
        if (dispute !== undefined) yield { dispute, commit };
    }
}

function watched(client: CocoonClient, parameters: Omit<WatchAccountOptions, 'reader' | 'clock'>) {
    const { reader, clock, waiting } = client;
    return watchAccount({ intervalMs: waiting.intervalMs, ...parameters, reader, clock });
}

function accusationIn(tx: Transaction): Address | undefined {
    const body = tx.inMessage?.body;
    if (body !== undefined && succeeded(tx) && opcodeOf(body) === opcodes.FreezeLock) {
        return decodeFreezeLock(body);
    }
    const changed = eventsOf(tx).find((event) => event.$$type === 'AccusationChanged');
    return changed?.$$type === 'AccusationChanged' && changed.amount > 0n
        ? accountAddress(integerToHash(changed.dispute))
        : undefined;
}

function eventsOf(tx: Transaction): ProtocolEvent[] {
    return tx.outMessages
        .values()
        .flatMap(({ info, body }) => (info.type === 'external-out' ? (decodeEvent(body) ?? []) : []));
}

function disputeEvent(event: ProtocolEvent): DisputeEvent | undefined {
    switch (event.$$type) {
        case 'DisputeOpened': {
            const { index, amount, hardEnd, seed } = event;
            return { type: 'confirmed', index: Number(index), amount, hardEnd: Number(hardEnd), seed };
        }
        case 'EvidenceDisclosed': {
            const phase = DISPUTE_PHASES[Number(event.phase)];
            return phase && { type: 'phase', phase, deadline: Number(event.phaseEnd) };
        }
        case 'SeatTaken': {
            const { round, index, seats } = event;
            return { type: 'seatTaken', round: Number(round), index: Number(index), taken: Number(seats) };
        }
        case 'VoteRevealed': {
            const { round, index } = event;
            const vote = voteOfTag(Number(event.vote));
            return { type: 'voteRevealed', round: Number(round), index: Number(index), vote };
        }
        case 'DisputeResolved':
            return {
                type: 'resolved',
                outcome: DISPUTE_OUTCOMES[Number(event.outcome)] ?? 'none',
                round: Number(event.round),
                votesForClient: Number(event.votesForClient),
                votesForNode: Number(event.votesForNode),
            };
        default:
            return undefined;
    }
}
