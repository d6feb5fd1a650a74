import type { Cost } from '../measure';
import type { World } from '../world';

export interface Operation {
    /** As in the ledger. */
    name: string;
    /** Brings a fresh world to where the operation starts, runs it and returns its cost alone. */
    run(world: World): Promise<Cost>;
}
