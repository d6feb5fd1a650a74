import { Violation } from '../../invariants/judge';
import { Random } from '../../invariants/random';
import { type Action, randomActions } from './actions';
import type { VaultNetwork } from './network';
import { VaultWorld } from './world';

export interface Counterexample {
    seed: number;
    actions: Action[];
    what: string;
}

/** Tries sequences from a seed on; the first that breaks something comes back, as short as it gets. */
export async function search(
    network: VaultNetwork,
    firstSeed: number,
    count: number,
    length: number,
    accepted = new Map<string, number>(),
): Promise<Counterexample | undefined> {
    for (let seed = firstSeed; seed < firstSeed + count; seed++) {
        const actions = randomActions(new Random(seed), length);
        const what = await run(network, actions, accepted);
        if (what !== undefined) return shrink(network, { seed, actions, what });
    }
    return undefined;
}

/** Runs a sequence, then lets the client take back what is left. Returns what did not hold, if anything. */
async function run(
    network: VaultNetwork,
    actions: readonly Action[],
    accepted: Map<string, number>,
): Promise<string | undefined> {
    const world = new VaultWorld(network, accepted);
    try {
        for (const action of actions) await world.perform(action);
        await world.expectEverythingEnds();
    } catch (error) {
        if (error instanceof Violation) return error.message;
        throw error;
    }
    return undefined;
}

/** Leaves out actions, in ever smaller blocks, as long as the rest still breaks something. */
async function shrink(network: VaultNetwork, found: Counterexample): Promise<Counterexample> {
    const unread = new Map<string, number>();
    let shortest = found;
    for (let block = found.actions.length >> 1; block >= 1; block >>= 1) {
        for (let start = 0; start < shortest.actions.length; ) {
            const actions = shortest.actions.toSpliced(start, block);
            const what = await run(network, actions, unread);
            if (what === undefined) start += block;
            else shortest = { ...shortest, actions, what };
        }
    }
    return shortest;
}

export function report({ seed, actions, what }: Counterexample): string {
    const lines = actions.map((action) =>
        JSON.stringify(action, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
    );
    return [`Seed ${seed}: ${what}`, `after ${actions.length} actions:`, ...lines].join('\n');
}
