import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createGateway, type GatewayError, loadConfig, loadSecrets, parseConfig } from '../../src';
import { gatewayConfig, SECRETS_ENVIRONMENT, silent, testSecrets, validConfig } from '../helpers/config';
import { ScriptedInference } from '../helpers/scripted-inference';
import { temporaryDirectory } from '../helpers/temporary';

const directory = temporaryDirectory();

describe('gateway.yaml', () => {
    it.each([
        [{ http: { port: 70_000 } }, 'http.port'],
        [{ nonsense: 1 }, 'unknown setting nonsense'],
        [{ funding: { deposit: 'much' } }, 'funding.deposit'],
        [{ database: { type: 'mysql' } }, 'database.type'],
        [{ limits: { bodyBytes: 5_000_000 } }, 'limits.bodyBytes'],
    ])('names the field that is wrong: %j', (change, text) => {
        expect(() => gatewayConfig(change)).toThrow(text);
    });

    it('is overridden by the environment, whose typos are errors', () => {
        const environment = {
            COCOON_GATEWAY_HTTP_PORT: '8123',
            COCOON_GATEWAY_FUNDING_MAX_DEPOSIT: '3 TON',
            COCOON_GATEWAY_DATABASE_TYPE: 'postgres',
            ...SECRETS_ENVIRONMENT,
        };
        expect(parseConfig(validConfig(), environment)).toMatchObject({
            http: { port: 8123 },
            funding: { maxDeposit: 3_000_000_000n },
            database: { type: 'postgres', poolSize: 10 },
        });
        expect(() => parseConfig(validConfig(), { COCOON_GATEWAY_HTTP_PROT: '1' })).toThrow(
            'COCOON_GATEWAY_HTTP_PROT',
        );
    });

    it('says where a file is missing or no YAML', () => {
        expect(() => loadConfig(join(directory, 'none.yaml'))).toThrow('not found');
        writeFileSync(join(directory, 'bad.yaml'), 'network: [');
        expect(() => loadConfig(join(directory, 'bad.yaml'))).toThrow('not valid YAML');
    });
});

describe('secrets', () => {
    const file = join(directory, 'secrets.yaml');

    it('come from a private file, with the environment over it', () => {
        writeFileSync(file, `wallet: {seed: "${'0a'.repeat(32)}"}\nmasterKey: "${'0b'.repeat(32)}"\n`);
        chmodSync(file, 0o600);
        const secrets = loadSecrets('secrets.yaml', directory, {
            COCOON_GATEWAY_SECRETS_DATABASE_URL: 'postgres://x',
        });
        expect(secrets.masterKey).toEqual(Buffer.alloc(32, 11));
        expect(secrets.databaseUrl).toBe('postgres://x');
        expect(`${JSON.stringify(secrets)}${inspect(secrets)}`).not.toMatch(/0[ab]0[ab]|postgres/);
        chmodSync(file, 0o644);
        expect(() => loadSecrets('secrets.yaml', directory, {})).toThrow('can be read by other users');
    });

    it('are never repeated in an error', () => {
        const environment = { ...SECRETS_ENVIRONMENT, COCOON_GATEWAY_SECRETS_MASTER_KEY: 'deadbeef' };
        const failure = (() => {
            try {
                loadSecrets(undefined, directory, environment);
                return undefined;
            } catch (error) {
                return error as GatewayError;
            }
        })();
        expect(failure).toMatchObject({ code: 'secrets_invalid', exitCode: 3 });
        expect(failure?.message).not.toContain('deadbeef');
    });
});

describe('start', () => {
    const start = (changes: object) =>
        createGateway({
            config: gatewayConfig({ directory: join(directory, 'data'), ...changes }),
            secrets: testSecrets(),
            logger: silent,
            createInference: () => new ScriptedInference(),
        });

    it('refuses a directory that another gateway uses, and takes it afterwards', async () => {
        const first = await start({});
        await expect(start({})).rejects.toMatchObject({ code: 'directory_locked', exitCode: 4 });
        await first.close();
        await (await start({})).close();
    });

    it('says that PostgreSQL cannot be reached, without the password', async () => {
        const url = 'postgres://cocoon:hunter2@127.0.0.1:9/none';
        const failure = await start({ database: { type: 'postgres', url } }).catch(
            (error: GatewayError) => error,
        );
        expect(failure).toMatchObject({ code: 'database_unreachable', exitCode: 4 });
        expect(`${(failure as GatewayError).message}${inspect(failure)}`).not.toContain('hunter2');
    });

    it('says that the port is taken', async () => {
        const first = await start({});
        const stop = new AbortController();
        const listening = new Promise<void>((resolve) => {
            void first.run(stop.signal, undefined, resolve).finally(() => first.close());
        });
        await listening;
        const port = Number(new URL(first.url!).port);
        const second = await start({ directory: join(directory, 'other'), http: { port } });
        await expect(second.run(new AbortController().signal)).rejects.toMatchObject({
            code: 'port_taken',
            exitCode: 8,
        });
        await second.close();
        stop.abort();
    });
});
