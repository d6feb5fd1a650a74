import { Address, type Cell, Dictionary, type Slice, type TupleReader } from '@ton/core';
import * as binding from '../build/Node/Node_Node';
import { cellOf, type QueryOptions } from './lib';

/** One session that a Node is accused of. */
export interface HeldAccusation {
    dispute: Address;
    accuser: Address;
    /** Of the session, nanoTON. */
    price: bigint;
    /** Held for it, nanoTON. */
    amount: bigint;
    /** Unix time after which anyone frees it. */
    hardEnd: number;
}

/** One seat in a jury. */
export interface HeldSeat {
    dispute: Address;
    bond: bigint;
    /** Unix time after which anyone frees it. */
    hardEnd: number;
}

/** What disputes hold of a Node. Amounts in nanoTON, times in unix seconds. */
export interface NodeCourt {
    /** Until then the node neither claims nor unbonds: an accusation found no free slot. 0 if that never happened. */
    busyUntil: number;
    /** Sum of the accusations. */
    accused: bigint;
    /** Part of what is locked. */
    jurorStake: bigint;
    /** Of all seats, part of the juror stake. */
    bonds: bigint;
    /** Of the last raise of the juror stake. */
    jurorSince: number;
    lost: number;
    /** Accusations that came to nothing. */
    won: number;
    accusations: HeldAccusation[];
    seats: HeldSeat[];
}

export function readCourt(stack: TupleReader): NodeCourt {
    const view = binding.loadGetterTupleCourtView(stack);
    return {
        busyUntil: Number(view.busyUntil),
        accused: view.accused,
        jurorStake: view.jurorStake,
        bonds: view.bonds,
        jurorSince: Number(view.jurorSince),
        lost: Number(view.lost),
        won: Number(view.won),
        accusations: entriesOf(view.accusations, binding.loadAccusation).map(([dispute, entry]) => ({
            dispute,
            accuser: accountAddress(entry.accuser),
            price: entry.price,
            amount: entry.amount,
            hardEnd: Number(entry.hardEnd),
        })),
        seats: entriesOf(view.seats, binding.loadHeldSeat).map(([dispute, entry]) => ({
            dispute,
            bond: entry.bond,
            hardEnd: Number(entry.hardEnd),
        })),
    };
}

function entriesOf<T>(dictionary: Cell | null, load: (slice: Slice) => T): [Address, T][] {
    const entries = Dictionary.loadDirect(Dictionary.Keys.BigUint(256), Dictionary.Values.Cell(), dictionary);
    return [...entries].map(([account, cell]) => [accountAddress(account), load(cell.beginParse())]);
}

function accountAddress(account: bigint): Address {
    return new Address(0, Buffer.from(account.toString(16).padStart(64, '0'), 'hex'));
}

/** What an operator names to sit in a jury. */
export interface SeatRequest {
    termsHash: bigint;
    /** Hash of the dispute's subject. */
    subject: bigint;
    openBefore: number;
    round: number;
    /** Slot of the node's offer of the disputed model. */
    offer: number;
    commitment: bigint;
}

/** Bodies of a Node's messages about disputes. */
export const courtBodies = {
    /** From the owner; 0 opts out. */
    setJurorStake({ queryId = 0n, amount }: QueryOptions & { amount: bigint }): Cell {
        return cellOf(binding.storeSetJurorStake({ $$type: 'SetJurorStake', queryId, amount }));
    },

    /** From the operator. */
    takeSeat({ queryId = 0n, ...seat }: QueryOptions & SeatRequest): Cell {
        return cellOf(
            binding.storeTakeSeat({
                $$type: 'TakeSeat',
                queryId,
                ...seat,
                openBefore: BigInt(seat.openBefore),
                round: BigInt(seat.round),
                offer: BigInt(seat.offer),
            }),
        );
    },

    /** From anyone, after the hard end of an accusation or a seat. */
    releaseExpiredCourt({ queryId = 0n, dispute }: QueryOptions & { dispute: Address }): Cell {
        return cellOf(binding.storeReleaseExpiredCourt({ $$type: 'ReleaseExpiredCourt', queryId, dispute }));
    },
};
