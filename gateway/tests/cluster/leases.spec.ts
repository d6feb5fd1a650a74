import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { SqlChannelBook } from '../../src/channels/sql-book';
import { Membership } from '../../src/cluster';
import { migrate } from '../../src/db/migrate';
import { PostgresDatabase } from '../../src/db/postgres';
import { Sealer } from '../../src/sealer';
import { silent } from '../helpers/config';
import { describePostgres, PostgresServer } from '../helpers/databases';
import { ScriptedNode } from './scripted-node';

const LEASE_MS = 2_000;
const CHANNELS = 6;

describePostgres('three processes over the channels of one PostgreSQL', () => {
    let server: PostgresServer;
    let database: PostgresDatabase;
    let node: ScriptedNode;
    const children = new Map<string, ChildProcess>();

    beforeAll(async () => {
        server = await PostgresServer.start();
        database = await PostgresDatabase.connect({ url: server.url, poolSize: 3 });
        await migrate(database);
        node = await ScriptedNode.start();
        await addChannels(database);
        for (const name of ['a', 'b', 'c']) children.set(name, fighter(name));
    });
    afterAll(async () => {
        for (const child of children.values()) child.kill('SIGKILL');
        node?.close();
        await database?.close();
        await server?.stop();
    });

    function fighter(name: string): ChildProcess {
        const root = join(__dirname, '../../..');
        return spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'fighter.ts')], {
            cwd: root,
            stdio: ['ignore', 'ignore', 'inherit'],
            env: {
                PATH: process.env.PATH,
                TSX_TSCONFIG_PATH: join(root, 'tsconfig.json'),
                DATABASE_URL: server.url,
                NODE_URL: node.url,
                LEASE_MS: String(LEASE_MS),
                // One alone must not take all from the start; two must be able to carry on for the third.
                CHANNELS: '3',
                NAME: name,
            },
        });
    }

    const signersSince = (index: number) => new Set(node.promises.slice(index).map(({ name }) => name));
    const channelsOf = (name: string) =>
        new Set(node.promises.filter((promise) => promise.name === name).map(({ channel }) => channel));

    it('each signs for channels of its own', async () => {
        await node.until(
            (all) =>
                new Set(all.map(({ channel }) => channel)).size === CHANNELS && signersSince(0).size >= 2,
        );
        expect(node.conflicts).toEqual([]);
    });

    it('a killed one is replaced within the lease, without a conflicting promise', async () => {
        const victim = [...signersSince(0)][0]!;
        const orphans = channelsOf(victim);
        const before = node.promises.length;
        const killedAt = performance.now();
        children.get(victim)!.kill('SIGKILL');
        const taken = () =>
            new Map(
                node.promises
                    .slice(before)
                    .filter(({ name, channel }) => name !== victim && orphans.has(channel))
                    .map(({ channel, at }) => [channel, at] as const)
                    .reverse(),
            );
        await node.until(() => taken().size === orphans.size);
        const slowest = Math.max(...taken().values()) - killedAt;
        // The lease, a look of the keeper, a look for channels; and what a busy machine adds.
        expect(slowest).toBeLessThan(LEASE_MS * 2.5);
        expect(node.conflicts).toEqual([]);
        children.delete(victim);
    });

    it('one that slept through its lease signs nothing when it wakes, and gives way', async () => {
        children.set('d', fighter('d'));
        const before = node.promises.length;
        await node.until(() => signersSince(before).size >= 2);
        const sleeper = [...signersSince(before)][0]!;
        const child = children.get(sleeper)!;
        const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
        child.kill('SIGSTOP');
        const orphans = new Set(
            [...channelsOf(sleeper)].filter(
                (channel) =>
                    node.promises.findLast((promise) => promise.channel === channel)?.name === sleeper,
            ),
        );
        const asleep = node.promises.length;
        await node.until(
            (all) =>
                new Set(
                    all
                        .slice(asleep)
                        .filter(({ channel, name }) => orphans.has(channel) && name !== sleeper)
                        .map(({ channel }) => channel),
                ).size === orphans.size,
        );
        const awake = node.promises.length;
        child.kill('SIGCONT');
        expect(await exited).toBe(4);
        expect(signersSince(awake).has(sleeper)).toBe(false);
        expect(node.conflicts).toEqual([]);
    });

    it('promised nothing above the marks', async () => {
        for (const child of children.values()) child.kill('SIGKILL');
        const { rows } = await database.query<{ id: string; cumulative: bigint; sequence: bigint }>(
            'SELECT id, cumulative, sequence FROM channels',
        );
        for (const { id, cumulative, sequence } of rows) {
            const last = node.promises.findLast(({ channel }) => channel === id)!;
            expect(last.cumulative).toBeLessThanOrEqual(cumulative);
            expect(last.sequence).toBeLessThanOrEqual(sequence);
        }
    });
});

async function addChannels(database: PostgresDatabase): Promise<void> {
    const membership = new Membership({ database, logger: silent, leaseMs: 60_000 });
    await membership.join();
    const book = new SqlChannelBook({ database, membership, sealer: new Sealer(Buffer.alloc(32, 2)) });
    for (let slot = 0; slot < CHANNELS; slot++) {
        const lease = await book.add({
            id: `channel-${slot}`,
            vault: `0:${'aa'.repeat(32)}`,
            slot,
            generation: 1n,
            node: 'bb'.repeat(32),
            payee: 'cc'.repeat(32),
            voucherSeed: '0d'.repeat(32),
            allocated: 10n ** 12n,
            state: 'open',
            cumulative: 0n,
            sequence: 0n,
        });
        await lease.release();
    }
    await membership.leave();
}
