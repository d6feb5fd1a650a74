// A gateway is killed with SIGKILL at random points while applications use it, and started again on what it left: requests
// go on, and at the end every promise it ever signed can be kept. 20 rounds; 200 with COCOON_DEEP=1.
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../reference-worker/tests/helpers/random';
import { until } from '../helpers/until';
import type { Gateway } from './helpers/inference/gateways';
import { Applications } from './helpers/inference/load';
import { AFTER_FEE, ledgerOf, paidOut, settleAll } from './helpers/inference/money';
import { World } from './helpers/inference/world';

const ROUNDS = process.env.COCOON_DEEP === '1' ? 200 : 20;
const SEED = Number(process.env.COCOON_SEED ?? 20_261_122);
const APPLICATIONS = 6;
const LONGEST_MS = 600;

jest.setTimeout(60_000 + ROUNDS * 20_000);

const random = seededRandom(SEED);
let world: World;
let gateway: Gateway;
let apiKey: string;

beforeAll(async () => {
    world = await World.start();
    await world.addNode();
    await world.addNode();
    gateway = await world.addGateway('gateway');
    apiKey = await gateway.createKey('crash');
    await Promise.all(world.nodes.map(({ worker }) => worker.start()));
});
afterAll(() => world?.close());

it(`goes on after each of ${ROUNDS} kills, and keeps every promise`, async () => {
    const before = paidOut(world);
    let answered = 0;
    for (let round = 0; round < ROUNDS; round++) {
        await gateway.start();
        const applications = new Applications([gateway.baseUrl], apiKey);
        applications.start(APPLICATIONS);
        await firstAnswer(applications);
        await sleep(random() * LONGEST_MS);
        const killedAt = performance.now();
        await gateway.stop('SIGKILL');
        await applications.stop();
        const early = applications.outcomes.filter(({ ok, endedAt }) => !ok && endedAt < killedAt);
        expect({ seed: SEED, round, early }).toEqual({ seed: SEED, round, early: [] });
        answered += applications.outcomes.filter(({ ok }) => ok).length;
    }
    const { rows, spent } = await ledgerOf(gateway);
    const ended = rows.filter(({ status }) => status === 'ok').length;
    // A row may be lost between the answer's last byte and the file only for those in flight at a kill.
    expect(ended).toBeGreaterThanOrEqual(answered - ROUNDS * APPLICATIONS);
    // The allocations of the first life serve all that follow: no crash costs one.
    expect(await settleAll(gateway)).toBeLessThanOrEqual(world.nodes.length);
    expect(paidOut(world) - before).toBeGreaterThanOrEqual((spent * AFTER_FEE.of) / AFTER_FEE.per);
    expect((await world.network.devnet.supply()).conserved).toBe(true);
});

async function firstAnswer({ outcomes }: Applications): Promise<void> {
    await until(() => outcomes.some(({ ok }) => ok), {
        failure: () => `no request was answered: ${JSON.stringify(outcomes.slice(0, 5))}`,
    });
}
