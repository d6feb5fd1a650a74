import { createNetwork } from './network';
import { noStatistics, search } from './run';
import { report } from './search';

const sequences = Number(process.env.COCOON_SEQUENCES ?? 1_000);
const firstSeed = Number(process.env.COCOON_SEED ?? 1);
const length = Number(process.env.COCOON_SEQUENCE_LENGTH ?? 12);

it(
    `holds over ${sequences} random sequences of ${length} actions from seed ${firstSeed} on`,
    async () => {
        const statistics = noStatistics();
        const found = await search(await createNetwork(), firstSeed, sequences, length, statistics);
        if (found) throw new Error(report(found));
        // The sequences must get somewhere, or they prove nothing.
        if (sequences < 200) return;
        for (const ending of [
            'paid',
            'refunded',
            'expired',
            'dispute node 0',
            'dispute client 0',
            'dispute client 1',
            'dispute node 1',
            'dispute none 2',
        ]) {
            expect([ending, statistics.endings[ending] ?? 0]).not.toEqual([ending, 0]);
        }
    },
    sequences * 1_000 + 120_000,
);
