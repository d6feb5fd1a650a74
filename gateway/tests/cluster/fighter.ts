import { request } from 'node:http';
import { pino } from 'pino';
import { SqlChannelBook } from '../../src/channels/sql-book';
import type { SqlLease } from '../../src/channels/sql-lease';
import { Membership } from '../../src/cluster';
import { PostgresDatabase } from '../../src/db/postgres';
import { createKeeper } from '../../src/keeper';
import { Sealer } from '../../src/sealer';

// A gateway reduced to what is at stake: it leases channels, asks the node what it holds, and promises more and more.

const { DATABASE_URL = '', NODE_URL = '', LEASE_MS = '', CHANNELS = '', NAME = '' } = process.env;
const STEP = 50n;

function call(path: string, body: object): Promise<{ cumulative: string; refused?: string }> {
    return new Promise((resolve, reject) => {
        const http = request(`${NODE_URL}${path}`, { method: 'POST' }, (response) => {
            const parts: Buffer[] = [];
            response.on('data', (part) => parts.push(part));
            response.on('end', () => resolve(JSON.parse(Buffer.concat(parts).toString())));
        });
        http.on('error', reject);
        http.end(JSON.stringify(body));
    });
}

/** Promises until the lease is lost. */
async function sign(lease: SqlLease): Promise<void> {
    let { cumulative, sequence } = lease.record;
    // As a session does: what was promised above the node's knowledge is not known, so that counting begins at its word.
    const state = await call('/state', { channel: lease.id });
    let paid = BigInt(state.cumulative);
    let next = sequence;
    while (!lease.lost.aborted) {
        if (paid + 1n > cumulative || next + 1n > sequence) {
            await lease.raise({ cumulative: paid + STEP, sequence: next + STEP });
            ({ cumulative, sequence } = lease.record);
        }
        if (lease.lost.aborted) return;
        paid += 1n;
        next += 1n;
        const { fence, id: channel } = lease;
        await call('/promise', {
            name: NAME,
            channel,
            fence: fence.toString(),
            cumulative: paid.toString(),
            sequence: next.toString(),
        });
    }
}

async function main(): Promise<void> {
    const logger = pino({ level: 'silent' });
    const database = await PostgresDatabase.connect({ url: DATABASE_URL, poolSize: 4 });
    const membership = new Membership({ database, logger, leaseMs: Number(LEASE_MS) });
    await membership.join();
    const book = new SqlChannelBook({ database, membership, sealer: new Sealer(Buffer.alloc(32, 2)) });
    const keeper = createKeeper({ database, membership, logger, intervalMs: Number(LEASE_MS) / 4 });
    await keeper.start(new AbortController().signal);
    membership.failed.catch(() => process.exit(4));
    const held = new Set<string>();
    const grab = async () => {
        for (const { id } of await book.list()) {
            if (held.size >= Number(CHANNELS) || held.has(id)) continue;
            const lease = (await book.lease(id)) as SqlLease | undefined;
            if (lease === undefined) continue;
            held.add(id);
            sign(lease)
                .catch(() => undefined)
                .finally(() => held.delete(id));
        }
        setTimeout(grab, 50);
    };
    await grab();
}

main().catch((error) => {
    process.stderr.write(`${error}\n`);
    process.exit(1);
});
