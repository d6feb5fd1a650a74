import { until } from '../../../tests/helpers/until';
import { startGateway, type TestGateway } from '../helpers/gateway';
import { temporaryDirectory } from '../helpers/temporary';
import { ScriptedJobs } from './scripted-jobs';

const directory = temporaryDirectory();
const jobs = new ScriptedJobs();
let server: TestGateway;
let key: string;

beforeAll(async () => {
    server = await startGateway(directory, { limits: { fileBytes: 100_000 } }, { jobs });
    key = await server.key();
});
afterAll(() => server.stop());

type Batch = Record<string, unknown> & { id: string; status: string };

const line = (id: string, text: string, body: object = {}) =>
    JSON.stringify({
        custom_id: id,
        method: 'POST',
        url: '/v1/chat/completions',
        body: { model: 'tiny', messages: [{ role: 'user', content: text }], ...body },
    });

async function upload(
    content: string,
    purpose: string | undefined = 'batch',
    fileFirst = false,
): Promise<Response> {
    const form = new FormData();
    if (!fileFirst && purpose) form.append('purpose', purpose);
    form.append('file', new Blob([content]), 'input.jsonl');
    if (fileFirst && purpose) form.append('purpose', purpose);
    return server.call(key, '/v1/files', {}, { body: form, headers: { authorization: `Bearer ${key}` } });
}
const read = async (id: string) => (await server.call(key, `/v1/files/${id}/content`)).text();
const codeOf = async (response: Response) =>
    ((await response.json()) as { error: { code: string } }).error.code;

async function create(content: string, extra: object = {}, as = key): Promise<Batch> {
    const file = (await (await upload(content)).json()) as { id: string };
    const response = await server.call(as, '/v1/batches', {
        input_file_id: file.id,
        endpoint: '/v1/chat/completions',
        completion_window: '24h',
        ...extra,
    });
    return (await response.json()) as Batch;
}

async function reaches(batch: Batch, ...statuses: string[]): Promise<Batch> {
    let now = batch;
    return until(
        async () => {
            now = (await (await server.call(key, `/v1/batches/${batch.id}`)).json()) as Batch;
            return statuses.includes(now.status) && now;
        },
        { every: 5, failure: () => JSON.stringify(now) },
    );
}

describe('files', () => {
    it('come back as they went in, with their name, however the form is ordered', async () => {
        for (const fileFirst of [false, true]) {
            const file = (await (await upload('a\nb', 'batch', fileFirst)).json()) as { id: string };
            expect(file).toMatchObject({
                object: 'file',
                bytes: 3,
                filename: 'input.jsonl',
                purpose: 'batch',
            });
            expect(await read(file.id)).toBe('a\nb');
        }
        const list = (await (await server.call(key, '/v1/files?limit=1&order=asc')).json()) as object;
        expect(list).toMatchObject({ object: 'list', has_more: true });
    });

    it('are sealed in the database', async () => {
        await upload('the plugh of xyzzy');
        const { rows } = await server.gateway.context.database.query<{ sealed_data: Buffer }>(
            'SELECT sealed_data FROM file_chunks',
        );
        expect(rows.length).toBeGreaterThan(0);
        for (const { sealed_data: data } of rows) expect(data.includes('plugh')).toBe(false);
    });

    it('belong to their key, and end when deleted', async () => {
        const { id } = (await (await upload('x')).json()) as { id: string };
        const other = await server.key();
        expect(await codeOf(await server.call(other, `/v1/files/${id}`))).toBe('file_not_found');
        const gone = await server.call(key, `/v1/files/${id}`, undefined, { method: 'DELETE' });
        expect(await gone.json()).toEqual({ id, object: 'file', deleted: true });
        expect(await codeOf(await server.call(key, `/v1/files/${id}/content`))).toBe('file_not_found');
    });

    it('are refused when too large, without purpose, or no form at all', async () => {
        expect(await codeOf(await upload('x'.repeat(100_001)))).toBe('file_too_large');
        expect(await codeOf(await upload('x', 'nonsense'))).toBe('file_invalid');
        expect(await codeOf(await server.call(key, '/v1/files', { purpose: 'batch' }))).toBe('file_invalid');
        const { rows } = await server.gateway.context.database.query(
            'SELECT 1 FROM file_chunks c WHERE NOT EXISTS (SELECT 1 FROM files f WHERE f.id = c.file_id)',
        );
        expect(rows).toEqual([]);
    });
});

describe('batches', () => {
    it('answer each line by its custom_id, errors in a file of their own', async () => {
        const batch = await create(
            [
                line('a', 'one'),
                line('b', 'please fail'),
                line('c', 'tools', { tools: [{ type: 'function', function: { name: 'f' } }] }),
                line('d', 'where', { model: 'none' }),
                line('e', 'long '.repeat(4_000)),
                line('f', 'two', { max_completion_tokens: 5, stop: 'x' }),
            ].join('\n'),
            { metadata: { purpose: 'test' } },
        );
        expect(batch).toMatchObject({ object: 'batch', status: 'validating', metadata: { purpose: 'test' } });
        const done = await reaches(batch, 'completed', 'failed');
        expect(done).toMatchObject({
            status: 'completed',
            request_counts: { total: 6, completed: 2, failed: 4 },
        });
        const output = (await read(done.output_file_id as string))
            .trim()
            .split('\n')
            .map((text) => JSON.parse(text));
        expect(output).toMatchObject([
            {
                custom_id: 'a',
                error: null,
                response: {
                    status_code: 200,
                    body: {
                        object: 'chat.completion',
                        choices: [{ message: { content: 'answer to one' }, finish_reason: 'stop' }],
                        usage: { total_tokens: 5 },
                    },
                },
            },
            { custom_id: 'f', response: { body: { choices: [{ message: { content: 'answer to two' } }] } } },
        ]);
        const errors = (await read(done.error_file_id as string))
            .trim()
            .split('\n')
            .map((text) => JSON.parse(text));
        expect(errors.map(({ custom_id: id, error }) => [id, error.code])).toEqual([
            ['b', 'request_invalid'],
            ['c', 'payload_content_invalid'],
            ['d', 'model_not_found'],
            ['e', 'request_too_large'],
        ]);
        const { rows } = await server.gateway.context.database.query<{
            id: string;
            price: bigint;
            status: string;
        }>('SELECT id, price, status FROM ledger WHERE id LIKE $1 ORDER BY id', [`${batch.id}:%`]);
        expect(rows.map(({ status }) => status)).toEqual(['ok', 'request_invalid', 'ok']);
        expect(rows.reduce((sum, { price }) => sum + price, 0n)).toBe(jobs.price);
    });

    it('fail when the file is none of theirs', async () => {
        const batch = await create(
            ['{"custom_id":', line('a', 'x'), line('a', 'y'), line('b', 'z').replace('POST', 'GET')].join(
                '\n',
            ),
        );
        const failed = await reaches(batch, 'failed', 'completed');
        expect((failed.errors as { data: object[] }).data).toMatchObject([
            { line: 1, code: 'invalid_json_line' },
            { line: 3, code: 'duplicate_custom_id' },
            { line: 4, code: 'invalid_method' },
        ]);
    });

    it('are split into jobs by model and by what a message holds', async () => {
        const before = jobs.jobs.size;
        const lines = Array.from({ length: 12 }, (_, i) =>
            line(`${i}`, 'x'.repeat(3_000), i === 5 ? { model: 'org/other' } : {}),
        );
        const done = await reaches(await create(lines.join('\n')), 'completed', 'failed');
        expect(done).toMatchObject({ request_counts: { total: 12, completed: 12 } });
        expect(jobs.jobs.size - before).toBe(4);
    });

    it('post a job that nobody did once more, then give up', async () => {
        jobs.endings = 1;
        expect(await reaches(await create(line('a', 'again')), 'completed')).toMatchObject({
            request_counts: { completed: 1 },
        });
        jobs.endings = 2;
        const done = await reaches(await create(line('a', 'never')), 'completed');
        expect(done).toMatchObject({ request_counts: { completed: 0, failed: 1 }, output_file_id: null });
        expect(await read(done.error_file_id as string)).toContain('"job_ended"');
    });

    it('are cancelled: what nobody claimed is taken back', async () => {
        let claim!: () => void;
        jobs.claimed = new Promise((resolve) => {
            claim = resolve;
        });
        const batch = await create(line('a', 'late'));
        await reaches(batch, 'in_progress');
        const response = await server.call(key, `/v1/batches/${batch.id}/cancel`, {});
        expect(await response.json()).toMatchObject({ status: 'cancelling' });
        const done = await reaches(batch, 'cancelled', 'completed');
        expect(done).toMatchObject({ status: 'cancelled', request_counts: { completed: 0, failed: 1 } });
        expect(await read(done.error_file_id as string)).toContain('"batch_cancelled"');
        claim();
        jobs.claimed = Promise.resolve();
        expect(jobs.count('open')).toBe(0);
        const over = await server.call(
            key,
            `/v1/batches/${(await reaches(await create(line('a', 'b')), 'completed')).id}/cancel`,
            {},
        );
        expect([over.status, await codeOf(over)]).toEqual([409, 'batch_not_cancellable']);
    });

    it('stay within the budget of their key', async () => {
        const poor = await server.key({ budgetTotal: 999_999n });
        const form = new FormData();
        form.append('purpose', 'batch');
        form.append('file', new Blob([line('a', 'x')]), 'input.jsonl');
        const file = (await (
            await server.call(
                poor,
                '/v1/files',
                {},
                { body: form, headers: { authorization: `Bearer ${poor}` } },
            )
        ).json()) as { id: string };
        const batch = (await (
            await server.call(poor, '/v1/batches', {
                input_file_id: file.id,
                endpoint: '/v1/chat/completions',
                completion_window: '24h',
            })
        ).json()) as Batch;
        for (;;) {
            const now = (await (await server.call(poor, `/v1/batches/${batch.id}`)).json()) as Batch;
            if (now.status === 'validating') continue;
            expect(now).toMatchObject({ status: 'failed', errors: { data: [{ code: 'budget_exceeded' }] } });
            return;
        }
    });

    it('are refused when malformed', async () => {
        expect(await create(line('a', 'x'), { endpoint: '/v1/embeddings' })).toMatchObject({
            error: { code: 'batch_endpoint_unsupported', param: 'endpoint' },
        });
        expect(await create(line('a', 'x'), { completion_window: '1h' })).toMatchObject({
            error: { code: 'batch_invalid' },
        });
        expect(await create(line('a', 'x'), { input_file_id: 'file-none' })).toMatchObject({
            error: { code: 'file_not_found' },
        });
        expect(await codeOf(await server.call(key, '/v1/batches/batch_none'))).toBe('batch_not_found');
        const list = (await (await server.call(key, '/v1/batches?limit=2')).json()) as { data: Batch[] };
        expect(list.data).toHaveLength(2);
    });
});
