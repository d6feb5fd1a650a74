import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { loadConfig, parseConfig, type WorkerConfig } from '../../src/config';
import { ConfigError } from '../../src/errors';
import { validConfig } from '../helpers/config';
import { temporaryDirectory } from '../helpers/temporary';

const directory = temporaryDirectory();
type Raw = ReturnType<typeof validConfig>;

function failure(change: (config: Raw) => unknown, environment: NodeJS.ProcessEnv = {}): ConfigError {
    const config = validConfig();
    change(config);
    try {
        parseConfig(config, environment);
    } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        return error as ConfigError;
    }
    throw new Error('the config was accepted');
}

describe('wrong config: one message names the field and what is expected, exit code 2', () => {
    const engine = (value: object) => (config: Raw) => {
        config.models[0]!.engine = value;
    };
    const cases: [name: string, change: (config: Raw) => unknown, message: RegExp][] = [
        [
            'unknown setting',
            (c) => Object.assign(c.policy, { maxJobs: 2 }),
            /unknown setting policy\.maxJobs/,
        ],
        ['no network', (c) => Reflect.deleteProperty(c, 'network'), /network: expected object/],
        ['endpoint', (c) => c.network.endpoints.push('ftp://x'), /network\.endpoints\[1\]: expected a URL/],
        ['no endpoint', (c) => c.network.endpoints.pop(), /network\.endpoints: expected at least one/],
        [
            'registry',
            (c) => Object.assign(c.network, { registry: 'EQabc' }),
            /network\.registry: expected a TON address/,
        ],
        ['node', (c) => Object.assign(c, { node: { name: 'x' } }), /node: expected either \{index/],
        ['no models', (c) => c.models.pop(), /models: expected at least one model/],
        [
            'model id as a number',
            (c) => Object.assign(c.models[0]!, { modelId: 12 }),
            /models\[0\]\.modelId: expected 64 hex/,
        ],
        [
            'id and manifest',
            (c) => Object.assign(c.models[0]!, { manifest: 'm.json' }),
            /models\[0\]: expected either modelId or manifest/,
        ],
        ['engine type', engine({ type: 'gpt' }), /models\[0\]\.engine\S*: expected engine\.type/],
        ['llama without file', engine({ type: 'llama' }), /models\[0\]\.engine: expected either path/],
        [
            'url without hash',
            engine({ type: 'llama', url: 'http://x/y' }),
            /models\[0\]\.engine\.sha256: expected the sha256/,
        ],
        [
            'gpu',
            engine({ type: 'llama', path: 'x', gpu: 'rocm' }),
            /models\[0\]\.engine\.gpu: expected auto, cuda/,
        ],
        [
            'amount',
            (c) => Object.assign(c.policy, { maxCollateral: '5 USD' }),
            /policy\.maxCollateral: expected an amount/,
        ],
        ['port', (c) => Object.assign(c.http, { port: 70_000 }), /http\.port: /],
        ['journal', (c) => Reflect.deleteProperty(c, 'journal'), /journal: expected object/],
        [
            'key in the config',
            engine({ type: 'openai', baseUrl: 'http://x/v1', model: 'm', apiKeyEnv: 'sk-abc-1' }),
            /apiKeyEnv: expected the NAME/,
        ],
    ];
    test.each(cases)('%s', (_name, change, message) => {
        const error = failure(change);
        expect(error.message).toMatch(message);
        expect(error.message).not.toContain('sk-abc');
        expect(error.message.split('\n')).toHaveLength(1);
        expect(error.remedy).not.toBe('');
        expect(error.exitCode).toBe(2);
    });

    test('missing file, broken YAML and a list instead of a mapping', () => {
        expect(() => loadConfig(join(directory, 'none.yaml'), {})).toThrow(
            /config file not found: .*none\.yaml/,
        );
        const file = join(directory, 'broken.yaml');
        writeFileSync(file, 'network:\n  id: [1\nnode: x');
        expect(() => loadConfig(file, {})).toThrow(/broken\.yaml:\d+:\d+: not valid YAML/);
        writeFileSync(file, '- a');
        expect(() => loadConfig(file, {})).toThrow(/expected a mapping/);
    });
});

describe('defaults and forms', () => {
    test('what is left out has its documented default', () => {
        const config = parseConfig(validConfig());
        expect(config.policy.maxCollateral).toBe(10_000_000_000n);
        expect(config.policy.acceptPrivateUris).toBe(false);
        expect(config.wallet.version).toBe('v5r1');
        expect(config.models[0]!.pricing).toEqual({
            minPricePerItem: 500_000_000n,
            promptPer1M: 0n,
            completionPer1M: 0n,
        });
        expect(config.network.endpoints[0]!.url).toBe('http://127.0.0.1:8081/jsonRPC');
    });

    test('the example file is valid and its values of defaulted settings are the defaults', () => {
        const example = join(__dirname, '../../worker.example.yaml');
        const { config } = loadConfig(example, {});
        const raw = parse(readFileSync(example, 'utf8'));
        for (const key of ['policy', 'http', 'drain', 'log', 'wallet', 'modelsDirectory']) delete raw[key];
        // Addresses hold functions of their own, which Jest compares by identity.
        const plain = (value: WorkerConfig) => ({
            ...value,
            network: { ...value.network, registry: value.network.registry.toRawString() },
        });
        expect(plain(config)).toEqual(plain(parseConfig(raw)));
    });
});

describe('environment overrides', () => {
    const file = join(directory, 'worker.yaml');
    beforeAll(() => writeFileSync(file, stringify(validConfig())));

    test('scalars, numbers, booleans, list elements and unions', () => {
        const digits = '12'.repeat(32);
        const { config } = loadConfig(file, {
            COCOON_WORKER_NODE_INDEX: '7',
            COCOON_WORKER_HTTP_PORT: '9000',
            COCOON_WORKER_POLICY_ACCEPT_PRIVATE_URIS: 'true',
            COCOON_WORKER_MODELS_0_MODEL_ID: digits,
            COCOON_WORKER_MODELS_0_ENGINE_COMPLETION_TOKENS: '3',
            COCOON_WORKER_NETWORK_ENDPOINTS_0: 'http://127.0.0.1:1/jsonRPC',
            COCOON_WORKER_DRAIN_TIMEOUT_SECONDS: '5',
            COCOON_WORKER_CONFIG: 'ignored',
            COCOON_WORKER_SECRETS_OPERATOR_KEY: 'ignored',
            PATH: '/bin',
        });
        expect(config.node).toEqual({ index: 7 });
        expect(config.http.port).toBe(9000);
        expect(config.policy.acceptPrivateUris).toBe(true);
        expect(config.models[0]!.modelId).toBe(digits);
        expect(config.models[0]!.engine).toMatchObject({ completionTokens: 3 });
        expect(config.network.endpoints[0]!.url).toBe('http://127.0.0.1:1/jsonRPC');
        expect(config.drain.timeoutSeconds).toBe(5);
    });

    test('a misspelt variable and a wrong value are refused', () => {
        expect(failure(() => {}, { COCOON_WORKER_HTTP_PROT: '1' }).message).toMatch(
            /COCOON_WORKER_HTTP_PROT names no setting/,
        );
        expect(failure(() => {}, { COCOON_WORKER_HTTP_PORT: 'x' }).message).toMatch(/http\.port: /);
    });
});
