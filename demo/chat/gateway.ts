import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { MODEL } from '../model';
import type { Network } from '../network';
import { paths } from '../paths';
import type { Party } from '../wallets';

export interface GatewayProcessOptions {
    readonly network: Network;
    /** Whose wallet pays. */
    readonly payer: Party;
    /** Everything that it keeps lies below. */
    readonly home: string;
    readonly port: number;
    readonly execArgv: readonly string[];
    readonly env: NodeJS.ProcessEnv;
}

const CLI = join(paths.root, 'gateway', 'src', 'cli.ts');

/** A gateway in a process of its own, started as a back end would. */
export class GatewayProcess {
    private child: ChildProcess | undefined;

    constructor(private readonly options: GatewayProcessOptions) {
        const { network, payer, home, port } = options;
        mkdirSync(home);
        const secrets = {
            wallet: { seed: payer.seed.toString('hex') },
            masterKey: randomBytes(32).toString('hex'),
        };
        writeFileSync(join(home, 'gateway.secrets.yaml'), stringify(secrets), { mode: 0o600 });
        const config = {
            network: {
                id: network.networkId,
                endpoints: [network.url],
                registry: network.registry?.toString(),
                pollSeconds: 0.3,
            },
            wallet: { version: 'v5r1' },
            secrets: { file: 'gateway.secrets.yaml' },
            directory: 'data',
            models: [MODEL.name],
            http: { port },
        };
        writeFileSync(join(home, 'gateway.yaml'), stringify(config));
    }

    get baseUrl(): string {
        return `http://127.0.0.1:${this.options.port}/v1`;
    }

    /** Makes an API key; only while the gateway does not run. */
    async createKey(name: string): Promise<string> {
        const [key] = /sk-cocoon-\S+/.exec(await this.command('keys', 'create', '--name', name)) ?? [];
        if (key === undefined) throw new Error('The gateway made no key.');
        return key;
    }

    /** Gives back what was allocated to nodes and withdraws what is left; only while the gateway does not run. */
    async settle(): Promise<void> {
        await this.command('settle', '--withdraw');
    }

    async start(): Promise<void> {
        const { home, execArgv, env } = this.options;
        this.child = spawn(process.execPath, [...execArgv, ...this.arguments('run')], {
            cwd: paths.root,
            env: { ...this.environment(), ...env },
            stdio: ['ignore', 'pipe', 'pipe'],
            // Ctrl-C in the terminal is for the demo, which stops everything in order.
            detached: true,
        });
        process.once('exit', () => this.child?.kill('SIGKILL'));
        const log = createWriteStream(join(home, 'gateway.log'), { flags: 'a' });
        this.child.stdout?.pipe(log);
        this.child.stderr?.pipe(log);
        await this.ready();
    }

    async metrics(): Promise<string> {
        return (await fetch(`http://127.0.0.1:${this.options.port}/metrics`)).text();
    }

    /** Answers what runs and ends. */
    async stop(): Promise<void> {
        if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
        const ended = once(this.child, 'exit');
        this.child.kill('SIGTERM');
        await ended;
    }

    private async command(...args: string[]): Promise<string> {
        const { stdout } = await promisify(execFile)(process.execPath, this.arguments(...args), {
            cwd: paths.root,
            env: this.environment(),
        });
        return stdout;
    }

    private arguments(...args: string[]): string[] {
        return ['--import', 'tsx', CLI, ...args, '--config', join(this.options.home, 'gateway.yaml')];
    }

    private environment(): NodeJS.ProcessEnv {
        return { ...process.env, TSX_TSCONFIG_PATH: paths.tsconfig };
    }

    private async ready(): Promise<void> {
        for (let tries = 0; tries < 600 && this.child?.exitCode === null; tries++) {
            const response = await fetch(`http://127.0.0.1:${this.options.port}/readyz`).catch(
                () => undefined,
            );
            if (response?.ok) return;
            await sleep(100);
        }
        this.child?.kill('SIGKILL');
        const log = readFileSync(join(this.options.home, 'gateway.log'), 'utf8').trim().split('\n');
        throw new Error(`The gateway did not start. The end of its log:\n${log.slice(-8).join('\n')}`);
    }
}
