import type { Address } from '@ton/core';
import type { Account } from './chain';
import type { JobModel, JobState } from './job-model';
import type { NodeModel } from './node-model';
import type { World } from './world';

const states = ['open', 'claimed', 'submitted', 'paid', 'refunded', 'expired'] as const satisfies JobState[];
const IDENTITY_BITS = 267 + 256 + 267 + 64 + 32;
type Data = NonNullable<Account['data']>;

/** Actual and expected value by name. */
export type Comparison = Record<string, [unknown, unknown]>;

/** What a contract owes to others, by its own books. */
export function owedBy(world: World, address: Address): bigint {
    const account = address.toRawString();
    const data = world.chain.get(address)?.data;
    if (!data) return 0n;
    if (world.nodes.has(account)) {
        const { stake, unbonding } = decodeNode(data);
        return stake + unbonding;
    }
    if (!world.jobs.has(account)) return 0n;
    const job = decodeJob(data);
    return job && ['open', 'claimed', 'submitted'].includes(job.state ?? '') ? job.escrow : 0n;
}

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
    return {
        ...comparison,
        'key given': [job.keyGiven, model.keyGiven],
        deadline: [job.deadline, model.deadline],
        price: [job.price, model.price],
        node: [job.index, model.node],
        'claim sequence': [job.seq, model.seq],
        root: [job.root, model.state === 'submitted' ? model.root : 0n],
    };
}

export function compareNode(model: NodeModel, data: Data): Comparison {
    const node = decodeNode(data);
    const locks = [...model.locks.values()].reduce((sum, { amount }) => sum + amount, 0n);
    return {
        stake: [node.stake, model.stake],
        locked: [node.locked, model.locked],
        'sum of the locks': [node.locked, locks],
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
    };
}

function decodeJob({ bag, cell }: Data) {
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

export function decodeNode({ bag, cell }: Data) {
    const data = bag.read(cell);
    data.skip(16);
    const stake = data.loadCoins();
    data.skip(256 + 32 + 267);
    const locked = data.loadCoins();
    const reserve = data.loadCoins();
    const lockCount = data.loadUint(8);
    const exiting = data.loadBit();
    const seq = data.loadUintBig(48);
    data.loadMaybeRef(); // locks
    const cold = bag.read(data.loadRef());
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
    return { stake, locked, reserve, lockCount, exiting, seq, unbonding, ...counters };
}
