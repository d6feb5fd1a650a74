/** A sequence that breaks something, and what. */
export interface Counterexample<Action> {
    seed: number;
    actions: Action[];
    what: string;
}

/** Runs a sequence. Returns what did not hold, if anything. */
type Run<Action> = (seed: number, actions: Action[], shrinking: boolean) => Promise<string | undefined>;

/** Tries sequences from a seed on; the first that breaks something comes back, as short as it gets. */
export async function searched<Action>(
    firstSeed: number,
    count: number,
    draw: (seed: number) => Action[],
    run: Run<Action>,
): Promise<Counterexample<Action> | undefined> {
    for (let seed = firstSeed; seed < firstSeed + count; seed++) {
        const actions = draw(seed);
        const what = await run(seed, actions, false);
        if (what !== undefined) return shrunk({ seed, actions, what }, run);
    }
    return undefined;
}

/** Leaves out actions, in ever smaller blocks, as long as the rest still breaks something. */
async function shrunk<Action>(
    found: Counterexample<Action>,
    run: Run<Action>,
): Promise<Counterexample<Action>> {
    let shortest = found;
    for (let block = found.actions.length >> 1; block >= 1; block >>= 1) {
        for (let start = 0; start < shortest.actions.length; ) {
            const actions = shortest.actions.toSpliced(start, block);
            const what = await run(found.seed, actions, true);
            if (what === undefined) start += block;
            else shortest = { ...shortest, actions, what };
        }
    }
    return shortest;
}

export function report<Action>({ seed, actions, what }: Counterexample<Action>): string {
    const lines = actions.map((action) =>
        JSON.stringify(action, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
    );
    return [`Seed ${seed}: ${what}`, `after ${actions.length} actions:`, ...lines].join('\n');
}
