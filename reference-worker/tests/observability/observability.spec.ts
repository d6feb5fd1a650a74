import { EngineError } from '../../src/engines';
import { JOB_STATES } from '../../src/journal';
import { createLogger, Health, HealthServer, Metrics } from '../../src/observability';
import { listen } from '../helpers/http';

async function logged(write: (logger: Awaited<ReturnType<typeof createLogger>>) => void): Promise<string> {
    let text = '';
    const logger = await createLogger({ level: 'trace', pretty: false }, { write: (line) => (text += line) });
    write(logger);
    return text;
}

test('logs are JSON and keep prompts, answers and keys out, also one level down', async () => {
    const text = await logged((logger) => {
        logger.info(
            { prompt: 'SECRET', request: { messages: 'SECRET' }, mnemonic: 'SECRET', job: '0:1' },
            'did it',
        );
        logger.child({ apiKey: 'SECRET' }).warn({ result: { text: 'SECRET' } });
    });
    expect(text).not.toContain('SECRET');
    expect(JSON.parse(text.split('\n')[0]!)).toMatchObject({
        level: 'info',
        job: '0:1',
        msg: 'did it',
        prompt: '[redacted]',
    });
});

test('errors are logged by code, message and remedy', async () => {
    const error = new EngineError('timeout', 'silent for 5 s', {
        remedy: 'wait',
        cause: new Error('SECRET'),
    });
    const text = await logged((logger) => logger.error({ err: error }, 'item failed'));
    expect(JSON.parse(text).err).toEqual({
        type: 'EngineError',
        code: 'timeout',
        message: 'silent for 5 s',
        remedy: 'wait',
    });
});

describe('HTTP', () => {
    const health = new Health();
    const metrics = new Metrics();
    const counts = Object.fromEntries(JOB_STATES.map((state, index) => [state, index])) as never;
    const server = new HealthServer({
        config: { host: '127.0.0.1', port: 0 },
        health,
        metrics,
        refresh: () => metrics.setJobCounts(counts),
    });
    const get = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);
    beforeAll(() => server.listen());
    afterAll(() => server.close());

    test('/metrics has fresh job counts', async () => {
        metrics.tokens.inc({ model: 'a', kind: 'completion' }, 42);
        const text = await (await get('/metrics')).text();
        expect(text).toContain('cocoon_worker_jobs{state="claimed"} 2');
        expect(text).toContain('cocoon_worker_tokens_total{model="a",kind="completion"} 42');
    });

    test('a taken port: one clear message, exit code 8', async () => {
        const other = await listen((_request, response) => response.end());
        const port = Number(new URL(other.url).port);
        const second = new HealthServer({
            config: { host: '127.0.0.1', port },
            health,
            metrics,
            refresh: () => {},
        });
        await expect(second.listen()).rejects.toMatchObject({
            code: 'port_taken',
            exitCode: 8,
            message: `port ${port} on 127.0.0.1 is taken`,
        });
        await other.close();
    });
});
