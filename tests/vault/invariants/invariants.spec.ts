import { report } from '../../invariants/search';
import { kinds } from './actions';
import { createVaultNetwork } from './network';
import { search } from './run';

const sequences = Number(process.env.COCOON_VAULT_SEQUENCES ?? 1_000);
const firstSeed = Number(process.env.COCOON_SEED ?? 1);
const LENGTH = 10;

it(
    `holds over ${sequences} random sequences from seed ${firstSeed} on`,
    async () => {
        const accepted = new Map<string, number>();
        const found = await search(await createVaultNetwork(), firstSeed, sequences, LENGTH, accepted);
        if (found) throw new Error(report(found));
        // The sequences must get somewhere, or they prove nothing.
        if (sequences < 100) return;
        for (const kind of new Set(kinds)) {
            expect(accepted.get(kind) ?? 0).toBeGreaterThan(sequences / 20);
        }
    },
    sequences * 1_000 + 60_000,
);
