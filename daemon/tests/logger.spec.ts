import { createLogger, type Logger } from '../src';
import { ProbeError } from './helpers/errors';

async function logged(write: (logger: Logger) => void): Promise<Record<string, unknown>[]> {
    let text = '';
    const destination = { write: (line: string) => (text += line) };
    write(await createLogger({ level: 'info', pretty: false }, { secretKeys: ['sealKey'], destination }));
    return text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
}

test('a line is JSON with level, time and text; what is below the level is left out', async () => {
    const lines = await logged((logger) => {
        logger.debug('too much');
        logger.warn({ job: '0:1' }, 'did it');
    });
    expect(lines).toEqual([
        { level: 'warn', time: expect.stringMatching(/^\d{4}-.*Z$/), job: '0:1', msg: 'did it' },
    ]);
});

test("user text and keys stay out, those of every daemon and the daemon's own, also one level down", async () => {
    const lines = await logged((logger) => {
        logger.info({ prompt: 'SECRET', request: { messages: 'SECRET' }, mnemonic: 'SECRET' });
        logger.child({ apiKey: 'SECRET' }).warn({ sealKey: 'SECRET', row: { sealKey: 'SECRET' } });
    });
    expect(JSON.stringify(lines)).not.toContain('SECRET');
    expect(lines[1]).toMatchObject({ sealKey: '[redacted]', row: { sealKey: '[redacted]' } });
});

test('errors of our own are logged by code, message and remedy; of others the stack is kept', async () => {
    const cause = new Error('SECRET');
    const lines = await logged((logger) => {
        logger.error({ err: new ProbeError('it broke', { code: 'broken', remedy: 'mend it', cause }) });
        logger.error({ err: new TypeError('a bug') });
    });
    expect(lines[0]?.err).toEqual({
        type: 'ProbeError',
        code: 'broken',
        message: 'it broke',
        remedy: 'mend it',
    });
    expect(lines[1]?.err).toMatchObject({ type: 'TypeError', stack: expect.stringContaining('a bug') });
});
