import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from '../../../../demo/free-port';
import { NETWORK_ID } from '../../../../reference-worker/tests/helpers/local-network';
import { plainEnvironment, run } from '../processes';
import { bundle } from './bundle';
import { Program } from './program';

export interface GatewayOptions {
    readonly network: { readonly url: string; readonly registry: string };
    /** Ed25519 seed of the wallet that pays, hex. */
    readonly walletSeed: string;
    /** Everything that it keeps lies below. */
    readonly home: string;
    /** Of gateway.yaml. */
    readonly changes?: object;
    readonly execArgv?: readonly string[];
    readonly env?: NodeJS.ProcessEnv;
    readonly port?: number;
}

/** 32 bytes, hex; all processes on one database have the same. */
const MASTER_KEY = '5a'.repeat(32);

let program: Promise<string> | undefined;

/** The gateway as back ends run it, ready to be started. */
export class Gateway extends Program {
    /** What applications set as the base URL of the OpenAI API. */
    get baseUrl(): string {
        return `${this.origin}/v1`;
    }

    private constructor(
        options: ConstructorParameters<typeof Program>[0],
        readonly origin: string,
    ) {
        super(options);
    }

    static async create(options: GatewayOptions): Promise<Gateway> {
        program ??= bundle('gateway', 'src/cli.ts');
        const { network, walletSeed, home, changes, execArgv, env } = options;
        mkdirSync(home, { recursive: true });
        const port = options.port ?? (await freePort());
        const config = {
            network: {
                id: NETWORK_ID,
                endpoints: [network.url],
                registry: network.registry,
                pollSeconds: 0.2,
            },
            wallet: { version: 'v5r1' },
            directory: 'data',
            http: { port },
            drain: { timeoutSeconds: 10 },
            ...changes,
        };
        writeFileSync(join(home, 'gateway.yaml'), stringify(config));
        const origin = `http://127.0.0.1:${port}`;
        return new Gateway(
            {
                script: await program,
                args: ['run', '--config', 'gateway.yaml'],
                cwd: home,
                logFile: join(home, 'gateway.log'),
                readyUrl: `${origin}/readyz`,
                env: {
                    COCOON_GATEWAY_SECRETS_WALLET_SEED: walletSeed,
                    COCOON_GATEWAY_SECRETS_MASTER_KEY: MASTER_KEY,
                    ...env,
                },
                execArgv,
            },
            origin,
        );
    }

    /** Runs another command of the program on the same configuration and returns what it prints. */
    command(...args: string[]): Promise<string> {
        const { script, cwd, env } = this.options;
        return run(process.execPath, [script, ...args, '--config', 'gateway.yaml'], {
            cwd,
            env: plainEnvironment(env),
        });
    }

    /** Makes an API key; with the embedded database only while the gateway does not run. */
    async createKey(name: string, ...options: string[]): Promise<string> {
        const printed = await this.command('keys', 'create', '--name', name, ...options);
        const [key] = /sk-cocoon-\S+/.exec(printed) ?? [];
        if (key === undefined) throw new Error(`No key was printed:\n${printed}`);
        return key;
    }
}
