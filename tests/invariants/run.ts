import type { Cell } from '@ton/core';
import { jobBodies, nodeBodies } from 'cocoon-wrappers';
import { DAY } from '../helpers/terms';
import { type Action, randomActions } from './actions';
import { type Flight, fromWallet } from './chain';
import { AMPLE } from './job-model';
import { deliver, Violation } from './judge';
import { type Network, wallet } from './network';
import type { NodeModel } from './node-model';
import { perform } from './perform';
import { Random } from './random';
import { World } from './world';

const passerBy = wallet('passer-by');

export interface Counterexample {
    seed: number;
    actions: Action[];
    what: string;
}

export interface Statistics {
    transactions: number;
    /** Jobs that ended, by how. */
    endings: Record<string, number>;
}

/** Messages on their way: any may come next, but between two accounts they keep their order. */
class Air {
    private readonly flights: Flight[] = [];

    constructor(
        private readonly world: World,
        private readonly random: Random,
        private readonly statistics: Statistics,
    ) {}

    send(flight: Flight): void {
        this.flights.push(flight);
    }

    async deliver(count: number): Promise<void> {
        for (let left = count; left > 0 && this.flights.length > 0; left--) {
            const chosen = this.flights[this.random.below(this.flights.length)];
            const index = this.flights.findIndex(
                ({ from, to }) => chosen?.from.equals(from) && chosen.to.equals(to),
            );
            const [flight] = this.flights.splice(index, 1);
            if (!flight) return;
            this.statistics.transactions += 1;
            for (const next of await deliver(this.world, flight)) {
                // What a wallet gets, it has: nothing happens there.
                if (isContract(this.world, next)) this.flights.push(next);
            }
        }
    }

    async land(): Promise<void> {
        await this.deliver(1_000);
        if (this.flights.length > 0) throw new Violation('messages go on for ever');
    }
}

function isContract(world: World, { to, note }: Flight): boolean {
    if (note.kind === 'payment' || note.kind === 'excess') return false;
    if (note.kind !== 'bounce') return true;
    const account = to.toRawString();
    return world.jobs.has(account) || world.nodes.has(account);
}

/** Runs a sequence, then lets time pass and strangers poke. Returns what did not hold, if anything. */
async function run(
    network: Network,
    seed: number,
    actions: Action[],
    statistics: Statistics,
): Promise<string | undefined> {
    const world = new World(network);
    const air = new Air(world, new Random(seed ^ 0x5ca1ab1e), statistics);
    try {
        for (const action of actions) {
            world.chain.now += action.wait;
            const flight = perform(world, action);
            if (flight) air.send(flight);
            await air.deliver(action.deliver);
        }
        await air.land();
        await expectEverythingEnds(world, air);
        if (seed % 4 === 0) await expectStakeReturns(world, air); // the others would only repeat it
    } catch (error) {
        if (error instanceof Violation) return error.message;
        throw error;
    }
    for (const { ended } of world.jobs.values()) {
        if (ended) statistics.endings[ended] = (statistics.endings[ended] ?? 0) + 1;
    }
    return undefined;
}

/** With every client, operator and owner silent for ever, passers-by bring each job to its end and free each lock. */
async function expectEverythingEnds(world: World, air: Air): Promise<void> {
    const poke = (to: Flight['to'], body: Cell, note: Flight['note'], extra = {}) =>
        air.send(fromWallet({ from: passerBy, to, value: AMPLE, body, note, ...extra }));
    for (let round = 0; round < 2; round++) {
        const running = [...world.jobs.values()].filter(({ state, over }) => state !== 'unopened' && !over);
        if (running.length === 0) break;
        world.chain.now += 30 * DAY;
        for (const { state, order } of running) {
            if (state === 'submitted') poke(order.address, jobBodies.finalize(), { kind: 'finalize' });
            else poke(order.address, jobBodies.expire(), { kind: 'expire' });
        }
        await air.land();
    }
    world.chain.now += 31 * DAY;
    for (const { order } of world.jobs.values()) {
        if (!world.chain.get(order.address)) continue;
        poke(order.address, jobBodies.destroy(), { kind: 'destroy' }, { init: world.network.jobInit(order) });
    }
    await air.land();
    for (const { order } of world.jobs.values()) {
        if (world.chain.get(order.address)) throw new Violation('a job that is over is still there');
    }
    for (const node of world.nodes.values()) {
        if (node.locks.size > 0) world.chain.now += 60 * DAY;
        for (const holder of node.locks.keys()) {
            const job = [...world.orders].find(({ address }) => address.toRawString() === holder)?.address;
            if (job) {
                const body = nodeBodies.releaseExpiredLock({ holder: job });
                poke(node.address, body, { kind: 'releaseLock', job });
            }
        }
    }
    await air.land();
    if ([...world.nodes.values()].some(({ locks }) => locks.size > 0))
        throw new Violation('a lock outlives its hard end');
}

/** The owner of a node that worked gets all that was not slashed. */
async function expectStakeReturns(world: World, air: Air): Promise<void> {
    const worked = ({ seq, unbondings }: NodeModel) => seq > 0n || unbondings.size > 0;
    const node = [...world.nodes.values()].find(worked);
    if (!node) return;
    const send = (body: Cell, note: Flight['note']) =>
        air.send(fromWallet({ from: node.owner, to: node.address, value: AMPLE, body, note }));
    world.chain.now += 15 * DAY;
    if (node.unbondings.size > 0) send(nodeBodies.withdrawUnbonded(), { kind: 'withdraw' });
    await air.land();
    if (node.stake > 0n) {
        send(nodeBodies.unbond({ amount: node.stake }), { kind: 'unbond', amount: node.stake });
        await air.land();
        world.chain.now += 15 * DAY;
        send(nodeBodies.withdrawUnbonded(), { kind: 'withdraw' });
        await air.land();
    }
    if (node.stake + node.unbonding > 0n) throw new Violation('stake does not return to its owner');
}

/** Tries sequences from a seed on; the first that breaks something comes back, as short as it gets. */
export async function search(
    network: Network,
    firstSeed: number,
    count: number,
    length: number,
    statistics: Statistics = { transactions: 0, endings: {} },
): Promise<Counterexample | undefined> {
    for (let seed = firstSeed; seed < firstSeed + count; seed++) {
        const actions = randomActions(new Random(seed), length);
        const what = await run(network, seed, actions, statistics);
        if (what !== undefined) return shrink(network, seed, actions, what);
    }
    return undefined;
}

/** Leaves out actions, in ever smaller blocks, as long as the rest still breaks something. */
async function shrink(
    network: Network,
    seed: number,
    actions: Action[],
    what: string,
): Promise<Counterexample> {
    const unread: Statistics = { transactions: 0, endings: {} };
    let shortest = { seed, actions, what };
    for (let block = actions.length >> 1; block >= 1; block >>= 1) {
        for (let start = 0; start < shortest.actions.length; ) {
            const fewer = shortest.actions.toSpliced(start, block);
            const stillWhat = await run(network, seed, fewer, unread);
            if (stillWhat === undefined) start += block;
            else shortest = { seed, actions: fewer, what: stillWhat };
        }
    }
    return shortest;
}

export function report({ seed, actions, what }: Counterexample): string {
    const lines = actions.map((action) => JSON.stringify(action));
    return [`Seed ${seed}: ${what}`, `after ${actions.length} actions:`, ...lines].join('\n');
}
