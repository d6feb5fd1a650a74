import { GatewayError } from '../src/errors';
import { runServices, type Service } from '../src/lifecycle';
import { silent } from './helpers/config';

test('a drain that was cut short ends in an error of the gateway: the ledger has the rows', async () => {
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
        logger: silent,
        stop: stop.signal,
        force: force.signal,
        drainTimeoutSeconds: 60,
    });
    await expect(run).rejects.toBeInstanceOf(GatewayError);
    await expect(run).rejects.toMatchObject({
        code: 'forced',
        exitCode: 130,
        message: 'stopped before requests in hand were finished',
        remedy: expect.stringContaining('their rows are in the ledger'),
    });
});
