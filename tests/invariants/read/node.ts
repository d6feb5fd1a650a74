import type { NodeModel } from '../models/node';
import type { Comparison, Data } from './data';

export function compareNode(model: NodeModel, data: Data): Comparison {
    const node = decodeNode(data);
    const { court } = model;
    return {
        version: [node.version, model.adoption.version],
        stake: [node.stake, model.stake],
        locked: [node.locked, model.locked],
        'number of locks': [node.lockCount, model.locks.size],
        reserve: [node.reserve, model.reserve],
        exiting: [node.exiting, model.exiting],
        'claim sequence': [node.seq, model.seq],
        unbonding: [node.unbonding, model.unbonding],
        paid: [node.paid, model.paid],
        expired: [node.expired, model.expired],
        declined: [node.declined, model.declined],
        earned: [node.earned, model.earned],
        slashed: [node.slashed, model.slashed],
        'busy until': [node.court.busyUntil, court.busyUntil],
        accused: [node.court.accused, court.accused],
        'juror stake': [node.court.jurorStake, court.jurorStake],
        bonds: [node.court.bonds, court.bonds],
        'disputes lost': [node.court.lost, court.lost],
        'disputes won': [node.court.won, court.won],
        accusations: [node.court.accusations, court.accusations.size],
        seats: [node.court.seats, court.seats.size],
    };
}

export function decodeNode({ bag, cell }: Data) {
    const data = bag.read(cell);
    const version = data.loadUint(16);
    const stake = data.loadCoins();
    data.skip(256 + 32 + 267);
    const locked = data.loadCoins();
    const reserve = data.loadCoins();
    const lockCount = data.loadUint(8);
    const exiting = data.loadBit();
    const seq = data.loadUintBig(48);
    const locks = data.loadMaybeRef();
    const cold = bag.read(data.loadRef());
    const refs = bag.cells[cell]?.refs ?? [];
    const court = decodeCourt(bag, refs[locks === undefined ? 1 : 2]);
    cold.skip(32);
    cold.loadMaybeRef(); // terms
    const paid = cold.loadUint(32);
    const expired = cold.loadUint(32);
    const declined = cold.loadUint(32);
    const earned = cold.loadCoins();
    const slashed = cold.loadCoins();
    cold.skip(3 * 32); // periods
    cold.loadCoins(); // minStake
    const unbonding = cold.loadCoins();
    const counters = { paid, expired, declined, earned, slashed };
    return { version, stake, locked, reserve, lockCount, exiting, seq, unbonding, court, ...counters };
}

/** Absent until a node has to do with disputes. */
function decodeCourt(bag: Data['bag'], cell: number | undefined) {
    if (cell === undefined) {
        const none = { accused: 0n, jurorStake: 0n, bonds: 0n };
        return { busyUntil: 0, ...none, lost: 0, won: 0, accusations: 0, seats: 0 };
    }
    const court = bag.read(cell);
    const busyUntil = court.loadUint(32);
    const accused = court.loadCoins();
    const jurorStake = court.loadCoins();
    const bonds = court.loadCoins();
    court.skip(32); // of the last raise
    const lost = court.loadUint(32);
    const won = court.loadUint(32);
    const accusations = court.loadUint(8);
    const seats = court.loadUint(8);
    return { busyUntil, accused, jurorStake, bonds, lost, won, accusations, seats };
}
