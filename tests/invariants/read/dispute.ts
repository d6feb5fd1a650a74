import type { Account } from '../chain';
import { type DisputeModel, PHASES } from '../models/dispute';
import type { Comparison, Data } from './data';

/** The 256 bits that a confirmation fixed. */
export function disputeSeed(account: Account | undefined): bigint {
    const data = account?.data;
    const course = data && decodeDispute(data)?.course;
    if (!data || course === undefined) return 0n;
    return data.bag.read(course).loadUintBig(256);
}

export function decodeDispute({ bag, cell }: Data) {
    const data = bag.read(cell);
    if (bag.cells[cell]?.refs.length === 0) return undefined;
    data.loadMaybeRef(); // seats
    const phase = PHASES[data.loadUint(4)];
    const round = data.loadUint(4);
    const taken = data.loadUint(4);
    const deadline = data.loadUint(32);
    const shown = data.loadUint(16);
    const votes = data.loadUintBig(36);
    const begun = data.loadUint(32);
    data.loadMaybeRef(); // banned
    const outcome = data.loadUint(4);
    const held = data.loadCoins();
    const spent = data.loadCoins();
    const progress = { phase, round, taken, deadline, shown, votes, begun };
    return { ...progress, outcome, held, spent, course: data.loadRef() };
}

export function compareDispute(model: DisputeModel, data: Data | undefined): Comparison {
    const dispute = data && decodeDispute(data);
    const phase = dispute?.phase ?? 'unopened';
    if (phase !== model.phase || !dispute) return { phase: [phase, model.phase] };
    const comparison: Comparison = {
        round: [dispute.round, model.round],
        taken: [dispute.taken, model.seats.length],
        shown: [dispute.shown, model.shown],
        votes: [dispute.votes, votesOf(model)],
        held: [dispute.held, model.held],
        outcome: [dispute.outcome, ['none', 'node', 'client'].indexOf(model.outcome)],
    };
    if (phase === 'resolved') return comparison;
    return {
        ...comparison,
        deadline: [dispute.deadline, model.deadline],
        spent: [dispute.spent, model.spent],
        begun: [dispute.begun, phase === 'seating' ? model.begun : dispute.begun],
    };
}

function votesOf({ seats }: DisputeModel): bigint {
    return seats.reduce(
        (votes, { vote }, place) =>
            vote === undefined ? votes : votes | (BigInt(vote + 1) << BigInt(4 * place)),
        0n,
    );
}
