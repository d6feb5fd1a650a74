import type { JobModel, JobState } from '../models/job';
import type { Comparison, Data } from './data';

const states = [
    'open',
    'claimed',
    'submitted',
    'paid',
    'refunded',
    'expired',
    'disputed',
] as const satisfies JobState[];
const IDENTITY_BITS = 267 + 256 + 267 + 64 + 32;

export function compareJob(model: JobModel, data: Data | undefined): Comparison {
    const job = data && decodeJob(data);
    const state = job?.state ?? 'unopened';
    if (state !== model.state) return { state: [state, model.state] };
    if (!job || model.over || model.state === 'unopened') return {};
    const comparison: Comparison = {
        claims: [job.claims, model.claims],
        escrow: [job.escrow, model.escrow],
        'claim-by': [job.claimBy, model.claimBy],
        'begin of the ramp': [job.rampFrom, model.rampFrom],
    };
    if (model.state === 'open') return comparison;
    const submitted = model.state === 'submitted' || model.state === 'disputed';
    return {
        ...comparison,
        'key given': [job.keyGiven, model.keyGiven],
        deadline: [job.deadline, model.deadline],
        price: [job.price, model.price],
        node: [job.index, model.node],
        'claim sequence': [job.seq, model.seq],
        root: [job.root, submitted ? model.root : 0n],
    };
}

export function decodeJob({ bag, cell }: Data) {
    const identity = bag.read(cell);
    identity.skip(IDENTITY_BITS);
    const found = identity.loadMaybeRef();
    if (found === undefined) return undefined;
    const state = bag.read(found);
    return {
        state: states[state.loadUint(4)],
        claims: state.loadUint(4),
        keyGiven: state.loadBit(),
        deadline: state.loadUint(32),
        root: state.loadUintBig(256),
        escrow: state.loadCoins(),
        price: state.loadCoins(),
        index: state.loadUint(32),
        seq: state.loadUintBig(64),
        claimBy: state.loadUint(32),
        rampFrom: state.loadUint(32),
    };
}
