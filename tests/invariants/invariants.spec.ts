import { createNetwork } from './network';
import { report, type Statistics, search } from './run';

const sequences = Number(process.env.COCOON_SEQUENCES ?? 2_000);
const firstSeed = Number(process.env.COCOON_SEED ?? 1);
const length = Number(process.env.COCOON_SEQUENCE_LENGTH ?? 8);

it(
    `holds over ${sequences} random sequences of ${length} actions from seed ${firstSeed} on`,
    async () => {
        const statistics: Statistics = { transactions: 0, endings: {} };
        const found = await search(await createNetwork(), firstSeed, sequences, length, statistics);
        if (found) throw new Error(report(found));
        // The sequences must get somewhere, or they prove nothing.
        if (sequences < 1_000) return;
        for (const ending of ['paid', 'refunded', 'expired']) {
            expect(statistics.endings[ending] ?? 0).toBeGreaterThan(sequences / 100);
        }
    },
    sequences * 500 + 60_000,
);
