import { createHash } from 'node:crypto';
import { type Address, type Cell, Dictionary, type DictionaryValue, type Slice } from '@ton/core';
import { cellHash, cellOf, encodeProfile, encodeTerms, type NewOffer } from 'cocoon-wrappers';
import * as binding from '../../build/Node/Node_Node';
import { OFFER } from '../helpers/protocol';
import { operatorOf, type Scene } from '../helpers/scene';

/** How much of everything a Node holds; each has its bound in the contract. */
export interface Load {
    locks: number;
    offers: number;
    terms: number;
    unbondings: number;
    retired: number;
    accusations: number;
    seats: number;
    /** Unix time of the first unbonding entry and the first key rotation, one second apart each. */
    from: number;
    /** Unix time at which all terms but the scene's own were dropped; 0 when they are served. */
    droppedAt?: number;
    /** An account whose lock hangs below all others: the deepest dictionary that somebody could grind addresses for. */
    around?: Address;
    /** The same of a Dispute, among the accusations and the seats. */
    dispute?: Address;
}

export const FULL: Omit<Load, 'from'> = {
    locks: 64,
    offers: 32,
    terms: 4,
    unbondings: 8,
    retired: 4,
    accusations: 16,
    seats: 8,
};
const BALLAST = 1_000_000n; // nanoTON in every lock and unbonding entry

/** Nothing in common between two keys, so that dictionaries are as deep and as large as they get. */
export function seededHash(name: string): bigint {
    return BigInt(`0x${createHash('sha256').update(name).digest('hex')}`);
}

/** Writes a load into the scene's first node, as if it had come by messages; what it has already stays. */
export async function fillNode(scene: Scene, load: Load): Promise<void> {
    const { node } = operatorOf(scene);
    const contract = await scene.blockchain.getContract(node.address);
    const { account } = contract;
    const state = account.account?.storage.state;
    if (!account.account || state?.type !== 'active' || !state.state.data) throw new Error('No such node.');
    const data = binding.loadNode$Data(state.state.data.beginParse());
    const locks = loadLocks(data.locks);
    for (let i = locks.size; i < load.locks; i++) {
        locks.set(keyAround(`lock ${i}`, i, load.around), {
            amount: BALLAST,
            claimSeq: BigInt(i),
            hardEnd: load.from,
        });
        data.locked += BALLAST;
        data.lockCount += 1n;
    }
    data.locks = cellOf((builder) => builder.storeDictDirect(locks));
    data.cold = fillCold(data.cold, load, scene);
    data.court = cellOf((builder) => builder.storeRef(filledCourt(data.court, load))).asSlice();
    contract.account = {
        ...account,
        account: {
            ...account.account,
            storage: {
                ...account.account.storage,
                state: {
                    ...state,
                    state: { ...state.state, data: cellOf(binding.storeNode$Data(data)) },
                },
            },
        },
    };
}

/** Shares the first `i` bits with the account's id, if there is one. */
function keyAround(name: string, i: number, around?: Address): bigint {
    if (!around) return seededHash(name);
    const id = BigInt(`0x${around.hash.toString('hex')}`);
    const depth = BigInt(255 - i);
    return (((id >> depth) ^ 1n) << depth) | (seededHash(name) % (1n << depth));
}

function fillCold(cell: Cell, load: Load, scene: Scene): Cell {
    const cold = binding.loadNodeCold(cell.beginParse());
    const rest = binding.loadNodeRest(cold.rest.beginParse());
    const control = binding.loadNodeControl(rest.control.beginParse());
    const own = cold.terms.get(scene.protocol.termsHash);
    if (!own) throw new Error('The node does not hold the terms of its network.');
    for (let version = 2; cold.terms.size < load.terms; version++) {
        const terms = encodeTerms({ ...scene.protocol.terms, minNodeVersion: 0, marketShards: version });
        cold.terms.set(cellHash(terms), { ...own, terms, droppedAt: BigInt(load.droppedAt ?? 0) });
    }
    for (let i = 0; i < load.unbondings; i++) {
        rest.unbondings.set(load.from + i, BALLAST);
        cold.unbonding += BALLAST;
    }
    for (let i = 0; i < load.retired; i++) {
        const operatorKey = seededHash(`key ${i}`);
        control.retired.set(load.from + i, { $$type: 'RetiredKey', operatorKey, activatedAt: 1n });
    }
    const offers = Array.from({ length: load.offers }, (_, i) => wideOffer(i));
    rest.profile = encodeProfile({ endpoint: 'x'.repeat(4 * 127), offers });
    rest.control = cellOf(binding.storeNodeControl(control));
    cold.rest = cellOf(binding.storeNodeRest(rest));
    return cellOf(binding.storeNodeCold(cold));
}

/** Accusations of one nanoTON each, and seats without a bond: what they lock is not what makes them dear. */
function filledCourt(end: Slice, load: Load): Cell {
    const court = end.remainingRefs > 0 ? binding.loadCourt(end.loadRef().beginParse()) : emptyCourt();
    const hardEnd = BigInt(load.from);
    for (let i = court.accusations.size; i < load.accusations; i++) {
        court.accusations.set(keyAround(`accusation ${i}`, i, load.dispute), {
            $$type: 'Accusation',
            accuser: seededHash(`accuser ${i}`),
            price: 1n,
            amount: 1n,
            hardEnd,
        });
        court.accused += 1n;
        court.accusationCount += 1n;
    }
    for (let i = court.seats.size; i < load.seats; i++) {
        court.seats.set(keyAround(`seat ${i}`, i, load.dispute), { $$type: 'HeldSeat', bond: 0n, hardEnd });
        court.seatCount += 1n;
    }
    return cellOf(binding.storeCourt(court));
}

function emptyCourt(): binding.Court {
    return {
        $$type: 'Court',
        busyUntil: 0n,
        accused: 0n,
        jurorStake: 0n,
        bonds: 0n,
        jurorSince: 1n,
        lost: 1n,
        won: 1n,
        accusationCount: 0n,
        seatCount: 0n,
        accusations: Dictionary.empty(),
        seats: Dictionary.empty(),
    };
}

export function wideOffer(slot: number): NewOffer {
    return { ...OFFER, modelId: seededHash(`model ${slot}`) };
}

interface Lock {
    amount: bigint;
    claimSeq: bigint;
    hardEnd: number;
}

const lockValue: DictionaryValue<Lock> = {
    serialize: ({ amount, claimSeq, hardEnd }, builder) => {
        builder.storeCoins(amount).storeUint(claimSeq, 64).storeUint(hardEnd, 32);
    },
    parse: (slice) => ({
        amount: slice.loadCoins(),
        claimSeq: slice.loadUintBig(64),
        hardEnd: slice.loadUint(32),
    }),
};

function loadLocks(cell: Cell | null): Dictionary<bigint, Lock> {
    const key = Dictionary.Keys.BigUint(256);
    return cell
        ? Dictionary.loadDirect(key, lockValue, cell)
        : Dictionary.empty<bigint, Lock>(key, lockValue);
}
