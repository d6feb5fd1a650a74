import type { Service } from '../src/context';
import { runServices } from '../src/lifecycle';
import { createLogger } from '../src/observability';

async function run(
    make: (events: string[], stop: AbortController, force: AbortController) => Service[],
    timeout = 60,
) {
    const events: string[] = [];
    const stop = new AbortController();
    const force = new AbortController();
    const outcome = await runServices({
        services: make(events, stop, force),
        logger: await createLogger({ level: 'silent', pretty: false }),
        stop: stop.signal,
        force: force.signal,
        drainTimeoutSeconds: timeout,
        onReady: (ready) => events.push(ready ? 'ready' : 'draining'),
    }).then(
        () => 'done',
        (error) => error,
    );
    return { events, outcome };
}

const service = (name: string, events: string[], changes: Partial<Service> = {}): Service => ({
    name,
    start: async () => void events.push(`start ${name}`),
    stop: async () => void events.push(`stop ${name}`),
    ...changes,
});

test('services start in order, stop in reverse, and hear of the drain first', async () => {
    const { events, outcome } = await run((log, stop) => [
        service('a', log, {
            start: async (signal) => signal.addEventListener('abort', () => log.push('a drains')),
        }),
        service('b', log, { start: async () => void setImmediate(() => stop.abort()) }),
    ]);
    expect(outcome).toBe('done');
    expect(events).toEqual(
        ['ready', 'draining', 'a drains', 'stop b', 'stop a'].sort(
            (x, y) => order(events, x) - order(events, y),
        ),
    );
    expect(events.indexOf('a drains')).toBeLessThan(events.indexOf('stop b'));
    expect(events.slice(-2)).toEqual(['stop b', 'stop a']);
});

function order(events: string[], event: string): number {
    return events.indexOf(event);
}

test('a service that does not start stops the others and its error comes out', async () => {
    const { events, outcome } = await run((log) => [
        service('a', log),
        service('b', log, { start: () => Promise.reject(new Error('port taken')) }),
        service('c', log),
    ]);
    expect(outcome).toMatchObject({ message: 'port taken' });
    expect(events).toEqual(['start a', 'draining', 'stop a']);
});

test('a service that fails later drains the others; one that fails to stop does not keep the rest from it', async () => {
    const { events, outcome } = await run((log) => [
        service('a', log),
        service('b', log, { stop: () => Promise.reject(new Error('stuck')) }),
        service('c', log, { failed: Promise.reject(new Error('wrong network')) }),
    ]);
    expect(outcome).toMatchObject({ message: 'wrong network' });
    expect(events.slice(-3)).toEqual(['draining', 'stop c', 'stop a']);
});

const untilForced = (stop: AbortController): Partial<Service> => ({
    start: async () => void setImmediate(() => stop.abort()),
    stop: (force) => new Promise((resolve) => force.addEventListener('abort', () => resolve())),
});

test('a second signal cuts the drain short with exit code 130', async () => {
    const { outcome } = await run((log, stop, force) => {
        stop.signal.addEventListener('abort', () => setImmediate(() => force.abort()));
        return [service('a', log, untilForced(stop))];
    });
    expect(outcome).toMatchObject({ code: 'forced', exitCode: 130 });
});

test('a drain that takes longer than allowed is put down', async () => {
    expect((await run((log, stop) => [service('a', log, untilForced(stop))], 0.01)).outcome).toBe('done');
});
