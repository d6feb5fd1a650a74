// Three gateways on one PostgreSQL server spend from one vault while applications use all of them; one is killed.
import { until } from '../helpers/until';
import type { Gateway } from './helpers/inference/gateways';
import { Applications } from './helpers/inference/load';
import { AFTER_FEE, ledgerOf, paidOut, settleAll } from './helpers/inference/money';
import { PostgresServer, postgresPrograms } from './helpers/inference/postgres';
import { World } from './helpers/inference/world';

jest.setTimeout(180_000);

const GATEWAYS = 3;
const APPLICATIONS = 9;
/** Seconds until what a killed process leased is free again. */
const LEASE = 2;

// Skipped only where PostgreSQL is not installed: CI installs it.
const withPostgres = postgresPrograms ? describe : describe.skip;

withPostgres('three gateways on one PostgreSQL', () => {
    let world: World;
    let postgres: PostgresServer;
    let gateways: Gateway[];
    let apiKey: string;

    beforeAll(async () => {
        [world, postgres] = await Promise.all([World.start(), PostgresServer.start()]);
        await world.addNode();
        await world.addNode();
        gateways = await Promise.all(
            Array.from({ length: GATEWAYS }, (_, i) =>
                world.addGateway(`gateway-${i}`, {
                    changes: {
                        database: { type: 'postgres', url: postgres.url },
                        lease: { seconds: LEASE },
                        batches: { enabled: false },
                    },
                }),
            ),
        );
        apiKey = await gateways[0]!.createKey('cluster');
        // All at once: also the schema is made by whoever comes first.
        await Promise.all(
            [...world.nodes.map(({ worker }) => worker), ...gateways].map((program) => program.start()),
        );
    });
    afterAll(async () => {
        await world?.close();
        await postgres?.stop();
    });

    it('lose no voucher and no request but those in flight when one of them is killed', async () => {
        const before = paidOut(world);
        const applications = new Applications(
            gateways.map(({ baseUrl }) => baseUrl),
            apiKey,
        );
        applications.start(APPLICATIONS);
        await answers(applications, 60);
        // Each has its own channels, and the last to get them may begin when the others have answered all of these.
        await reaches(applications, () => [0, 1, 2].every((gateway) => servedBy(applications, gateway) > 5));
        const killedAt = performance.now();
        await gateways[0]!.stop('SIGKILL');
        await until(() => gateways.slice(1).some(({ log }) => log.includes('what they leased is free')));
        await answers(applications, 60);
        await applications.stop();

        const { outcomes } = applications;
        const failures = outcomes.filter(({ ok }) => !ok);
        // Each application of the killed one notices once: in the middle of a request, or when it connects for the next.
        expect(failures.filter(({ gateway }) => gateway !== 0)).toEqual([]);
        expect(failures.filter(({ endedAt }) => endedAt < killedAt)).toEqual([]);
        expect(failures.length).toBeLessThanOrEqual(APPLICATIONS / GATEWAYS);
        for (const gateway of [0, 1, 2]) {
            expect(servedBy(applications, gateway)).toBeGreaterThan(5);
        }

        // It comes back and serves beside the others.
        await gateways[0]!.start();
        const again = new Applications([gateways[0]!.baseUrl], apiKey);
        again.start(3);
        await answers(again, 9);
        await again.stop();
        expect(again.outcomes.filter(({ ok }) => !ok)).toEqual([]);

        for (const gateway of gateways) await gateway.stop();
        const { rows, spent } = await ledgerOf(gateways[0]!);
        const answered = [...outcomes, ...again.outcomes].filter(({ ok }) => ok).length;
        expect(rows.filter(({ status }) => status === 'ok').length).toBeGreaterThanOrEqual(
            answered - failures.length,
        );
        expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
        await settleAll(gateways[1]!);
        expect(paidOut(world) - before).toBeGreaterThanOrEqual((spent * AFTER_FEE.of) / AFTER_FEE.per);
        expect((await world.network.devnet.supply()).conserved).toBe(true);
    });
});

function answers(applications: Applications, count: number): Promise<void> {
    const from = applications.outcomes.length;
    return reaches(applications, () => applications.outcomes.length >= from + count);
}

async function reaches({ outcomes }: Applications, isEnough: () => boolean): Promise<void> {
    await until(isEnough, {
        timeout: 60_000,
        failure: () => `too few requests came back: ${JSON.stringify(outcomes.slice(-5))}`,
    });
}

function servedBy({ outcomes }: Applications, gateway: number): number {
    return outcomes.filter((outcome) => outcome.ok && outcome.gateway === gateway).length;
}
