import { Batches, type BatchesOptions } from '../../src/batches';
import type { Database } from '../../src/db/types';
import { Files } from '../../src/files';
import type { ApiKey } from '../../src/keys';
import { startGateway, type TestGateway } from '../helpers/gateway';
import { temporaryDirectory } from '../helpers/temporary';
import { ScriptedJobs } from './scripted-jobs';

// A process is cut off from database and chain before or after its n-th step, for every n; another one goes on.

const directory = temporaryDirectory();
let server: TestGateway;
let key: ApiKey;

beforeAll(async () => {
    server = await startGateway(directory, { batches: { enabled: false } });
    const { createKey } = await import('../../src');
    key = (await createKey(server.gateway.context.database, { name: 'test', budgetTotal: 10n ** 15n })).key;
});
afterAll(() => server.stop());

class Dead extends Error {}

/** Counts steps, and from a given one on lets nothing through. */
class Cut {
    steps = 0;
    readonly dead = new AbortController();

    constructor(
        private readonly at: number,
        private readonly when: 'before' | 'after',
    ) {}

    async step<T>(run: () => Promise<T>): Promise<T> {
        if (this.dead.signal.aborted) throw new Dead();
        const last = ++this.steps === this.at;
        if (last && this.when === 'before') this.die();
        const result = await run();
        if (last) this.die();
        return result;
    }

    private die(): never {
        this.dead.abort();
        throw new Dead();
    }
}

function cutDatabase(database: Database, cut: Cut): Database {
    return {
        kind: database.kind,
        query: (sql, parameters) => cut.step(() => database.query(sql, parameters)),
        transaction: (work) => cut.step(() => database.transaction(work)),
        withLock: (name, work) => database.withLock(name, work),
        close: async () => undefined,
    };
}

function cutJobs(jobs: ScriptedJobs, cut: Cut): BatchesOptions['jobs'] {
    return {
        prepare: (order) => cut.step(() => jobs.prepare(order)),
        post: (job) => cut.step(() => jobs.post(job)),
        finish: (address, signal) => cut.step(() => jobs.finish(address, signal)),
        cancel: (address) => cut.step(() => jobs.cancel(address)),
        forget: () => cut.step(() => jobs.forget()),
    };
}

let processes = 0;

function process(jobs: ScriptedJobs, cut: Cut): Batches {
    const { context } = server.gateway;
    const database = cutDatabase(context.database, cut);
    const membership = { id: `crash-${++processes}`, valid: true } as unknown as typeof context.membership;
    return new Batches({
        context: { ...context, database, membership },
        files: new Files(database, context.sealer),
        jobs: cutJobs(jobs, cut),
        sleep: (ms, signal) =>
            new Promise((resolve, reject) => {
                const end = () => reject(new Dead());
                if (cut.dead.signal.aborted || signal.aborted) end();
                signal.addEventListener('abort', end);
                cut.dead.signal.addEventListener('abort', end);
                // Waits after a failure are over at once; looks at a batch come as late as they like.
                if (ms > 2_000) resolve();
            }),
    });
}

async function runWithCrash(at: number, when: 'before' | 'after'): Promise<number> {
    const { context } = server.gateway;
    const jobs = new ScriptedJobs();
    const alive = process(jobs, new Cut(-1, 'before'));
    const files = new Files(context.database, context.sealer);
    const input = ['one', 'two', 'x'.repeat(9_000), 'y'.repeat(9_000)].map((text, i) =>
        JSON.stringify({
            custom_id: `${i}`,
            method: 'POST',
            url: '/v1/chat/completions',
            body: { model: 'tiny', messages: [{ role: 'user', content: text }] },
        }),
    );
    const draft = await files.write([Buffer.from(input.join('\n'))]);
    const file = await files.keep(draft, { keyId: key.id, purpose: 'batch', name: 'input.jsonl' });
    const { id } = await alive.create(key, {
        input_file_id: file.id,
        endpoint: '/v1/chat/completions',
        completion_window: '24h',
    });
    // The one that made it must not take it up: it is stopped, and its lease on it gone with it.
    await alive.stop();

    const cut = new Cut(at, when);
    const first = process(jobs, cut);
    await first.look();
    await first.settled();
    const second = process(jobs, new Cut(-1, 'before'));
    for (let i = 0; i < 20; i++) {
        await second.look();
        await second.settled();
    }
    const batch = await second.get(key, id);
    expect(batch).toMatchObject({
        status: 'completed',
        request_counts: { total: 4, completed: 4, failed: 0 },
    });
    // Each line was done and paid once, nothing that was posted waits for ever, and the ledger has what was paid.
    expect([jobs.count('paid'), jobs.count('open')]).toEqual([2, 0]);
    const { rows } = await context.database.query<{ count: bigint; price: bigint; block: bigint }>(
        `SELECT count(*) AS count, sum(price)::bigint AS price,
            (SELECT amount FROM budget_blocks WHERE owner = $2) AS block FROM ledger WHERE id LIKE $1`,
        [`${id}:%`, `batch:${id}`],
    );
    expect(rows).toEqual([{ count: 4n, price: 2n * jobs.price, block: 2n * jobs.price }]);
    const output: string[] = [];
    for await (const piece of files.content(batch.output_file_id!)) output.push(piece.toString());
    const lines = output
        .join('')
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text));
    expect(lines.map((answer) => answer.response.body.choices[0].message.content)).toEqual(
        ['one', 'two', 'x'.repeat(9_000), 'y'.repeat(9_000)].map((text) => `answer to ${text}`),
    );
    return cut.dead.signal.aborted ? -1 : cut.steps;
}

it.each(['before', 'after'] as const)('goes on after a crash %s any step', async (when) => {
    let at = 1;
    while ((await runWithCrash(at, when)) === -1) at++;
    // Every step of a whole run was a place to die at.
    expect(at).toBeGreaterThan(20);
});
