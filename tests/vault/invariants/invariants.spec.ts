import '@ton/test-utils';
import { now } from '../../helpers/blockchain';
import { createScene } from '../../helpers/scene';
import { DAY } from '../../helpers/terms';
import { openVault } from '../../helpers/vault';
import { kinds } from './actions';
import { report, search } from './run';
import { VaultWorld } from './world';

const sequences = Number(process.env.COCOON_VAULT_SEQUENCES ?? 500);
const firstSeed = Number(process.env.COCOON_SEED ?? 1);
const LENGTH = 10;

it(
    `holds over ${sequences} random sequences from seed ${firstSeed} on`,
    async () => {
        const scene = await createScene();
        const opened = await openVault(scene, [], { openBefore: now(scene.blockchain) + DAY });
        const world = await VaultWorld.create(scene, opened);
        const found = await search(world, firstSeed, sequences, LENGTH);
        if (found) throw new Error(report(found));
        // The sequences must get somewhere, or they prove nothing.
        for (const kind of new Set(kinds)) {
            expect(world.accepted.get(kind) ?? 0).toBeGreaterThan(sequences / 20);
        }
    },
    sequences * 2_500 + 60_000,
);
