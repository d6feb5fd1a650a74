import { type Action, randomActions } from './actions';
import type { Flight } from './chain';
import { deliver } from './judge';
import type { Network } from './network';
import { perform } from './perform';
import { Random } from './random';
import { type Counterexample as Found, searched } from './search';
import { expectEverythingEnds } from './sweep';
import { Violation } from './violation';
import { World } from './world';

export type Counterexample = Found<Action>;

export interface Statistics {
    actions: number;
    transactions: number;
    /** Jobs and disputes that ended, by how. */
    endings: Record<string, number>;
}

export const noStatistics = (): Statistics => ({ actions: 0, transactions: 0, endings: {} });

/** Messages on their way: any may come next, but between two accounts they keep their order. */
export class Air {
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
    const account = to.toRawString();
    const ours =
        world.jobs.has(account) ||
        world.nodes.has(account) ||
        world.disputes.has(account) ||
        to.equals(world.registry);
    if (note.kind === 'payment' || note.kind === 'excess' || note.kind === 'bounce') return ours;
    return true;
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
            statistics.actions += 1;
            world.chain.now += action.wait;
            for (const flight of perform(world, action)) air.send(flight);
            await air.deliver(action.deliver);
        }
        await air.land();
        await expectEverythingEnds(world, air, seed);
    } catch (error) {
        if (error instanceof Violation) return error.message;
        throw error;
    }
    for (const { ended } of [...world.jobs.values(), ...world.disputes.values()]) {
        if (ended) statistics.endings[ended] = (statistics.endings[ended] ?? 0) + 1;
    }
    return undefined;
}

/** Tries sequences from a seed on; the first that breaks something comes back, as short as it gets. */
export function search(
    network: Network,
    firstSeed: number,
    count: number,
    length: number,
    statistics: Statistics = noStatistics(),
): Promise<Counterexample | undefined> {
    return searched(
        firstSeed,
        count,
        (seed) => randomActions(new Random(seed), length),
        (seed, actions, shrinking) => run(network, seed, actions, shrinking ? noStatistics() : statistics),
    );
}
