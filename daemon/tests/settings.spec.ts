import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { amount, hex32, loadSettings, parseSettings, type SettingsProfile } from '../src';
import { ConfigError, ProbeError } from './helpers/errors';
import { temporaryDirectory } from './helpers/temporary';

const directory = temporaryDirectory();
const file = join(directory, 'probe.yaml');

const schema = z.strictObject({
    http: z.strictObject({ port: z.int().default(80), keepAlive: z.boolean().default(true) }).prefault({}),
    fee: amount.default(1n),
    rules: z
        .array(
            z.union([
                z.strictObject({ type: z.literal('id'), id: hex32 }),
                z.strictObject({ type: z.literal('age'), maxDays: z.int() }),
            ]),
        )
        .default([]),
});

const profile: SettingsProfile<typeof schema> = {
    schema,
    source: 'probe config',
    file: 'probe.yaml',
    example: 'probe.example.yaml',
    prefix: 'COCOON_PROBE_',
    reserved: /^(CONFIG$|SECRETS_)/,
    sample: 'rules.0.maxDays',
    ConfigError,
};

function failure(read: () => unknown): ConfigError {
    try {
        read();
    } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        expect(error).toBeInstanceOf(ProbeError);
        return error as ConfigError;
    }
    throw new Error('the settings were accepted');
}

test('a file with variables over it: numbers, booleans, elements of lists, unions; digits stay text', () => {
    const id = '12'.repeat(32);
    writeFileSync(file, 'http: {port: 81}\nrules: [{type: age, maxDays: 1}]\n');
    const { config, directory: base } = loadSettings(profile, file, {
        COCOON_PROBE_HTTP_KEEP_ALIVE: 'false',
        COCOON_PROBE_FEE: '2 TON',
        COCOON_PROBE_RULES_0_MAX_DAYS: '7',
        COCOON_PROBE_RULES_1_TYPE: 'id',
        COCOON_PROBE_RULES_1_ID: id,
        COCOON_PROBE_CONFIG: 'ignored',
        COCOON_PROBE_SECRETS_KEY: 'ignored',
        COCOON_OTHER_HTTP_PORT: 'ignored',
    });
    expect(base).toBe(directory);
    expect(config).toEqual({
        http: { port: 81, keepAlive: false },
        fee: 2_000_000_000n,
        rules: [
            { type: 'age', maxDays: 7 },
            { type: 'id', id },
        ],
    });
});

test('a misspelt variable is refused with the spelling that is wanted', () => {
    const error = failure(() => parseSettings(profile, {}, { COCOON_PROBE_HTTP_PROT: '1' }));
    expect(error.message).toBe('environment variable COCOON_PROBE_HTTP_PROT names no setting of probe.yaml');
    expect(error.remedy).toBe(
        'spell it COCOON_PROBE_<PATH> after the keys of probe.yaml (rules.0.maxDays is COCOON_PROBE_RULES_0_MAX_DAYS), or unset it',
    );
});

test('a wrong setting: one line with the field, how many more there are, and never the value', () => {
    const error = failure(() => parseSettings(profile, { http: { port: 'hunter2' }, fee: 'hunter2' }, {}));
    expect(error).toMatchObject({ code: 'config_invalid', exitCode: 2, name: 'ConfigError' });
    expect(error.message).toMatch(/^probe config: http\.port: expected .* \(and 1 more\)$/);
    expect(error.message).not.toContain('hunter2');
    expect(error.remedy).toBe('compare with probe.example.yaml, which documents every setting');
    expect(failure(() => parseSettings(profile, { http: { host: 'x' } }, {})).message).toBe(
        'probe config: unknown setting http.host',
    );
    expect(failure(() => parseSettings(profile, ['a'], {}, 'that')).message).toMatch(/^that: expected a map/);
});

test('a file that is missing or no YAML', () => {
    const missing = failure(() => loadSettings(profile, join(directory, 'none.yaml'), {}));
    expect(missing.message).toMatch(/^config file not found: .*none\.yaml$/);
    expect(missing.remedy).toBe(
        'pass --config <path>, or set COCOON_PROBE_CONFIG; probe.example.yaml is a start',
    );
    writeFileSync(file, 'network:\n  id: [1\nnode: x');
    expect(failure(() => loadSettings(profile, file, {})).message).toMatch(
        /probe\.yaml:\d+:\d+: not valid YAML/,
    );
});
