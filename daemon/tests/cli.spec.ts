import { checkStep, exitCodesHelp, runProgram } from '../src';
import { ConfigError, ProbeError } from './helpers/errors';

let written = '';
const before = process.exitCode;

beforeEach(() => {
    written = '';
    process.exitCode = undefined;
    const write = (text: string | Uint8Array) => {
        written += text;
        return true;
    };
    jest.spyOn(process.stderr, 'write').mockImplementation(write);
    jest.spyOn(process.stdout, 'write').mockImplementation(write);
});
afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = before;
});

async function run(error: unknown): Promise<unknown> {
    await runProgram('cocoon-probe', () => Promise.reject(error));
    return process.exitCode;
}

test('an error for the operator: one message, the remedy, its exit code', async () => {
    expect(await run(new ConfigError('http.port: expected a number', 'write one'))).toBe(2);
    expect(written).toBe('cocoon-probe: http.port: expected a number\n  what to do: write one\n');
});

test('anything else is a bug, with exit code 1', async () => {
    expect(await run(new TypeError('x is undefined'))).toBe(1);
    expect(written).toMatch(
        /^cocoon-probe: unexpected error: x is undefined\n {2}what to do: run again with/,
    );
    expect(await run(new ProbeError('no', { code: 'no', remedy: 'none' }))).toBe(1);
});

test.each([
    ['commander.helpDisplayed', 0, 0],
    ['commander.unknownOption', 1, 2],
])('what Commander printed is not printed again: %s', async (code, theirs, ours) => {
    expect(await run(Object.assign(new Error('usage'), { code, exitCode: theirs }))).toBe(ours);
    expect(written).toBe('');
});

test('checks go on after a failure; the exit code is that of the first', async () => {
    await checkStep('network', () => Promise.resolve('block 7'));
    await checkStep('config', () => Promise.reject(new ConfigError('wrong', 'correct it')));
    await checkStep('rest', () => Promise.reject(new Error('also')));
    expect(written).toBe(
        'ok   network: block 7\nFAIL config: wrong\n  what to do: correct it\n' +
            'FAIL rest: unexpected error: also\n' +
            '  what to do: run again with log.level: debug and report this as a bug\n',
    );
    expect(process.exitCode).toBe(2);
});

test('exit codes are listed in ascending order', () => {
    expect(exitCodesHelp({ Ok: 0, Forced: 130, Journal: 4 })).toBe(
        '\nExit codes: 0 ok, 4 journal, 130 forced',
    );
});
