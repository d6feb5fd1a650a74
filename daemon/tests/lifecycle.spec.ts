import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { CommonExitCode, createLogger, processSignals, runServices, type Service } from '../src';
import { ProbeError } from './helpers/errors';

const texts = {
    overdue: 'the drain took too long',
    forced: () =>
        new ProbeError('stopped early', { code: 'forced', remedy: 'start', exitCode: CommonExitCode.Forced }),
};

async function run(
    make: (events: string[], stop: AbortController, force: AbortController) => Service[],
    timeout = 60,
) {
    const events: string[] = [];
    const stop = new AbortController();
    const force = new AbortController();
    let log = '';
    const logger = await createLogger(
        { level: 'warn', pretty: false },
        { secretKeys: [], destination: { write: (line) => (log += line) } },
    );
    const outcome = await runServices(
        {
            services: make(events, stop, force),
            logger,
            stop: stop.signal,
            force: force.signal,
            drainTimeoutSeconds: timeout,
            onReady: (ready) => events.push(ready ? 'ready' : 'draining'),
        },
        texts,
    ).then(
        () => 'done',
        (error) => error,
    );
    return { events, outcome, log };
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

test('a drain that takes longer than allowed is put down, and says so', async () => {
    const { outcome, log } = await run((events, stop) => [service('a', events, untilForced(stop))], 0.01);
    expect(outcome).toBe('done');
    expect(log).toContain(texts.overdue);
});

test('any number of listeners may follow a drain: Node.js warns of no leak in a busy daemon', () => {
    // In a process of its own, since Jest keeps warnings to itself; the last signal shows that there are any.
    const script = `
        import { createLogger, runServices } from './daemon/src/index.ts';
        const [stop, force, other] = [new AbortController(), new AbortController(), new AbortController()];
        const start = async (signal) => {
            for (const each of process.argv[1] === 'other' ? [other.signal] : [signal, force.signal])
                for (let calls = 0; calls < 20; calls++) each.addEventListener('abort', () => {});
            setImmediate(() => stop.abort());
        };
        const logger = await createLogger({ level: 'silent', pretty: false }, { secretKeys: [] });
        const services = [{ name: 'busy', start }];
        await runServices(
            { services, logger, stop: stop.signal, force: force.signal, drainTimeoutSeconds: 1 },
            { overdue: 'overdue', forced: () => new Error('forced') },
        );
    `;
    const root = join(__dirname, '../..');
    const warnings = (follow: string) =>
        spawnSync(
            process.execPath,
            ['--import', 'tsx', '--input-type=module', '--eval', script, '--', follow],
            { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
        ).stderr;
    expect(warnings('drain')).toBe('');
    expect(warnings('other')).toContain('MaxListenersExceededWarning');
});

test('the first signal drains, the second forces, and both go back to their defaults', async () => {
    let log = '';
    const logger = await createLogger(
        { level: 'info', pretty: false },
        { secretKeys: [], destination: { write: (line) => (log += line) } },
    );
    const before = process.listenerCount('SIGTERM');
    const signals = processSignals(logger, 'requests are finished first');
    expect([signals.stop.aborted, signals.force.aborted]).toEqual([false, false]);
    process.emit('SIGTERM', 'SIGTERM');
    expect([signals.stop.aborted, signals.force.aborted]).toEqual([true, false]);
    expect(log).toContain('requests are finished first');
    process.emit('SIGINT', 'SIGINT');
    expect(signals.force.aborted).toBe(true);
    signals.dispose();
    expect(process.listenerCount('SIGTERM')).toBe(before);
});
