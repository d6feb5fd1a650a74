import { Random } from '../../invariants/random';
import { type Action, randomActions } from './actions';
import { type VaultWorld, Violation } from './world';

export interface Counterexample {
    seed: number;
    actions: Action[];
    what: string;
}

async function run(world: VaultWorld, actions: readonly Action[]): Promise<string | undefined> {
    world.reset();
    try {
        for (const action of actions) await world.perform(action);
        await world.expectEverythingEnds();
    } catch (error) {
        if (error instanceof Violation) return error.message;
        throw error;
    }
    return undefined;
}

/** Tries sequences from a seed on; the first that breaks something comes back, as short as it gets. */
export async function search(
    world: VaultWorld,
    firstSeed: number,
    count: number,
    length: number,
): Promise<Counterexample | undefined> {
    for (let seed = firstSeed; seed < firstSeed + count; seed++) {
        const actions = randomActions(new Random(seed), length);
        const what = await run(world, actions);
        if (what !== undefined) return shrink(world, { seed, actions, what });
    }
    return undefined;
}

/** Leaves out actions, in ever smaller blocks, as long as the rest still breaks something. */
async function shrink(world: VaultWorld, found: Counterexample): Promise<Counterexample> {
    let shortest = found;
    for (let block = found.actions.length >> 1; block >= 1; block >>= 1) {
        for (let start = 0; start < shortest.actions.length; ) {
            const actions = shortest.actions.toSpliced(start, block);
            const what = await run(world, actions);
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
