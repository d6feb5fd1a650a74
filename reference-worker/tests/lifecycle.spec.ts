import type { Service } from '../src/context';
import { WorkerError } from '../src/errors';
import { runServices } from '../src/lifecycle';
import { createLogger } from '../src/observability';

test('a drain that was cut short ends in an error of the worker: the journal goes on', async () => {
    const [stop, force] = [new AbortController(), new AbortController()];
    const busy: Service = {
        name: 'busy',
        start: async () => void setImmediate(() => stop.abort()),
        stop: (cut) => {
            setImmediate(() => force.abort());
            return new Promise((resolve) => cut.addEventListener('abort', () => resolve()));
        },
    };
    const run = runServices({
        services: [busy],
        logger: await createLogger({ level: 'silent', pretty: false }),
        stop: stop.signal,
        force: force.signal,
        drainTimeoutSeconds: 60,
    });
    await expect(run).rejects.toBeInstanceOf(WorkerError);
    await expect(run).rejects.toMatchObject({
        code: 'forced',
        exitCode: 130,
        message: 'stopped before work in hand was finished',
        remedy: expect.stringContaining('the journal goes on'),
    });
});
