import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Address } from '@ton/core';
import { codeId, Vault } from 'cocoon-wrappers';
import { modelIdOf, readManifest } from '../../reference-worker/src/models';
import { loadJob } from '../../tools/deploy/job-file';
import { JsonFields } from '../../tools/deploy/json-fields';
import { loadDeployed, loadNetwork } from '../../tools/deploy/network-file';
import { loadNode } from '../../tools/deploy/node-file';
import { buildTerms, DEFAULT_RELEASE_DELAY } from '../../tools/deploy/terms-file';
import { formatDuration, parseDuration, parseHash, parseTon } from '../../tools/deploy/units';
import { localNetwork } from './harness';

const root = join(__dirname, '../..');
const ADDRESS = `0:${'7e'.repeat(32)}`;
const directory = mkdtempSync(join(tmpdir(), 'cocoon-networks-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function load(text: string, name = 'network.json') {
    const file = join(directory, name);
    writeFileSync(file, text);
    return loadNetwork(file);
}

describe('committed networks', () => {
    it('local is complete, and its model is the one that the worker ships', () => {
        const network = loadNetwork(join(root, 'networks/local.json'));
        const manifest = readManifest(join(root, 'reference-worker/models/tiny-demo.manifest.json'));
        const id = modelIdOf(manifest) as unknown as string | bigint;
        expect([...network.models.keys()]).toEqual([typeof id === 'bigint' ? id : BigInt(`0x${id}`)]);
    });

    it.each(['testnet', 'mainnet'])(
        'the example for %s is within bounds once its addresses are filled in',
        (name) => {
            const text = readFileSync(join(root, `networks/${name}.example.json`), 'utf8');
            expect(() => load(text)).toThrow('guardian is "REPLACE');
            const network = load(text.replace(/REPLACE[^"]*(?=",)/g, ADDRESS).replace(/"\$comment".*\n/, ''));
            expect(network.networkId).toBe(name === 'mainnet' ? -239 : -3);
        },
    );
});

describe('committed examples', () => {
    const example = (name: string) => join(root, `networks/${name}.example.json`);

    it('of a job is one, for the model that the worker ships', () => {
        const job = loadJob(example('job'));
        expect(job.items).toHaveLength(2);
        expect([...loadNetwork(join(root, 'networks/local.json')).models.keys()]).toEqual([job.modelId]);
    });

    it('of a node is one once its addresses and keys are filled in', () => {
        const text = readFileSync(example('node'), 'utf8');
        const file = join(directory, 'node.json');
        writeFileSync(
            file,
            text.replace(/REPLACE: address[^"]*/g, ADDRESS).replace(/REPLACE[^"]*/g, '7e'.repeat(32)),
        );
        expect(() => loadNode(example('node'))).toThrow('operator is "REPLACE');
        expect(loadNode(file)).toMatchObject({ stake: 50_000_000_000n, offers: [{ region: 276 }] });
    });
});

describe('a mistake is told with field and remedy', () => {
    type Changed = ReturnType<typeof localNetwork>;
    const cases: [string, (file: Changed) => void, string][] = [
        ['missing', (f) => delete f.guardian, 'guardian is missing.\nExpected an address'],
        ['wrong type', (f) => (f.networkId = 'x'), 'networkId is "x".\nExpected a whole number'],
        [
            'number for TON',
            (f) => (f.terms.jobs.postFee = 1),
            'terms.jobs.postFee is 1.\nExpected TON as a text',
        ],
        ['too many digits', (f) => (f.terms.jobs.postFee = '0.0000000001'), 'postFee is "0.0000000001"'],
        ['no unit', (f) => (f.timelock = '60'), 'timelock is "60".\nExpected a duration'],
        ['above a bound', (f) => (f.terms.jobs.feeBps = 1_001), 'at least 0, at most 1000'],
        ['below a bound', (f) => (f.terms.stakes.minStake = '0.5'), 'at least 1 TON'],
        [
            'release delay too short',
            (f) => (f.terms.vaults.releaseDelay = '0s'),
            'terms.vaults.releaseDelay is "0s".\nExpected a duration, such as "90s", "1h" or "14d", at least 1s',
        ],
        [
            'release delay too long',
            (f) => (f.terms.vaults.releaseDelay = '31d'),
            'terms.vaults.releaseDelay is "31d"',
        ],
        [
            'release delay of a public network',
            (f) => {
                Object.assign(f, { networkId: -3, timelock: '1d' });
                f.terms.jobs.minWindow = '1h';
            },
            'terms.vaults.releaseDelay is "5m".\nExpected a duration, such as "90s", "1h" or "14d", at least 1h',
        ],
        ['empty vaults', (f) => delete f.terms.vaults.releaseDelay, 'terms.vaults.releaseDelay is missing'],
        [
            'misspelt in vaults',
            (f) => (f.terms.vaults.delay = '6h'),
            'terms.vaults.delay is not a known field.\nKnown here: releaseDelay',
        ],
        ['below another field', (f) => (f.terms.stakes.reserve = '9'), 'at least 10 TON, at most 100 TON'],
        [
            'misspelt',
            (f) => (f.gaurdian = ADDRESS),
            'gaurdian is not a known field.\nKnown here: codes, governor',
        ],
        [
            'masterchain',
            (f) => (f.treasury = `-1:${'7e'.repeat(32)}`),
            'Expected an address in the basechain',
        ],
        ['model twice', (f) => (f.models = [model(), model()]), 'models[1].modelId is'],
        ['not a list', (f) => (f.models = {}), 'models is {}.\nExpected a list'],
        [
            'public timelock',
            (f) => Object.assign(f, { networkId: -3 }),
            'timelock is "60s".\nExpected a duration',
        ],
    ];
    const model = () => ({ modelId: 'ab'.repeat(32), name: 'm', manifestUri: 'https://m.example' });

    it.each(cases)('%s', (_name, change, message) => {
        const file = localNetwork();
        change(file);
        expect(() => load(JSON.stringify(file))).toThrow(message);
    });

    it('no JSON, no file', () => {
        expect(() => load('{')).toThrow('is not valid JSON');
        expect(() => loadNetwork('networks/nowhere.json')).toThrow('networks/nowhere.json cannot be read');
        expect(() => JsonFields.parse('f', '[]')).toThrow('Expected an object');
    });

    it('a deployment of another network', () => {
        const file = localNetwork();
        writeFileSync(
            join(directory, 'moved.deployed.json'),
            JSON.stringify({ networkId: -3, registry: ADDRESS }),
        );
        expect(() => loadDeployed(load(JSON.stringify(file), 'moved.json'))).toThrow('belongs to network -3');
    });
});

it('the vaults section gives the release delay; without it there is one of six hours', () => {
    const file: { terms: Partial<ReturnType<typeof localNetwork>['terms']> } = localNetwork();
    expect(load(JSON.stringify(file)).terms.vaultParams).toEqual({ releaseDelay: 300 });
    delete file.terms.vaults;
    const { networkId, terms } = load(JSON.stringify(file));
    expect(terms.vaultParams).toEqual({ releaseDelay: DEFAULT_RELEASE_DELAY });
    const { kinds } = buildTerms(networkId, Address.parse(ADDRESS), terms);
    expect(kinds).toMatchObject({ vault: codeId(Vault.code()), releaseDelay: 6 * 3_600 });
});

it('reads and prints units', () => {
    expect(['90s', '30m', '24h', '14d', '1w', '-1s', ''].map(parseDuration)).toEqual([
        90,
        1_800,
        86_400,
        1_209_600,
        undefined,
        undefined,
        undefined,
    ]);
    expect([0, 59, 60, 3_600, 86_400, 90_000].map(formatDuration)).toEqual([
        '0s',
        '59s',
        '1m',
        '1h',
        '1d',
        '25h',
    ]);
    expect(['1', '0.05', '1e3', '.5', '-1'].map(parseTon)).toEqual([
        1_000_000_000n,
        50_000_000n,
        undefined,
        undefined,
        undefined,
    ]);
    expect(parseHash(`0x${'0'.repeat(63)}f`)).toBe(15n);
    expect(parseHash('0xf')).toBeUndefined();
});
