import { Random } from '../../invariants/random';
import { type Counterexample as Found, searched } from '../../invariants/search';
import { Violation } from '../../invariants/violation';
import { type Action, randomActions } from './actions';
import type { VaultNetwork } from './network';
import { VaultWorld } from './world';

export type Counterexample = Found<Action>;

/** Tries sequences from a seed on; the first that breaks something comes back, as short as it gets. */
export function search(
    network: VaultNetwork,
    firstSeed: number,
    count: number,
    length: number,
    accepted = new Map<string, number>(),
): Promise<Counterexample | undefined> {
    return searched(
        firstSeed,
        count,
        (seed) => randomActions(new Random(seed), length),
        (_, actions, shrinking) => run(network, actions, shrinking ? new Map() : accepted),
    );
}

/** Runs a sequence, then lets the client take back what is left. Returns what did not hold, if anything. */
async function run(
    network: VaultNetwork,
    actions: readonly Action[],
    accepted: Map<string, number>,
): Promise<string | undefined> {
    network.chain.restore(network.base);
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
