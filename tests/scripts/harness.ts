import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNetworkProvider, type NetworkProvider, type UIProvider } from '@ton/blueprint';
import { Address, type Contract, type OpenedContract } from '@ton/core';
import { TonClient } from '@ton/ton';
import { createDevnet, type DevelopmentWallet, type Devnet, developmentWallet } from 'cocoon-devnet';
import { Registry } from 'cocoon-wrappers';

type Script = (provider: NetworkProvider, args: string[]) => Promise<void>;

/** What a run of a script showed. */
export interface Run {
    text: string;
    /** Questions that it asked. */
    questions: string[];
    error?: Error;
}

export interface RunOptions {
    /** Number of the wallet; 0 deploys. */
    wallet?: number;
    /** Answers to questions, in order; without one, prompts are answered with no. */
    answers?: (string | boolean)[];
    /** Blueprint's --custom-type. */
    type?: 'mainnet' | 'testnet' | 'custom';
    /** Another endpoint than the devnet's. */
    endpoint?: string;
}

/** A devnet with funded wallets, a directory for network files, and scripts run as Blueprint runs them. */
export class ScriptBench {
    readonly directory = mkdtempSync(join(tmpdir(), 'cocoon-scripts-'));
    private readonly environment = process.env;
    private readonly clock = jest.spyOn(Date, 'now');

    private readonly wallets = new Map<number, DevelopmentWallet>();

    private constructor(
        readonly devnet: Devnet,
        readonly url: string,
    ) {}

    static async start(wallets = 2): Promise<ScriptBench> {
        const devnet = await createDevnet({ clock: () => Date.now() });
        const { url } = await devnet.listen();
        for (let i = 0; i < wallets; i++) {
            await devnet.fund((await developmentWallet(1, i)).address, 1_000_000_000_000n);
        }
        return new ScriptBench(devnet, url);
    }

    async stop(): Promise<void> {
        this.clock.mockRestore();
        process.env = this.environment;
        rmSync(this.directory, { recursive: true, force: true });
        await this.devnet.close();
    }

    /** Moves this machine's clock and with it the chain's: wallets sign by the one, contracts go by the other. */
    advance(seconds: number): void {
        const now = Date.now() + seconds * 1_000;
        const start = performance.now();
        this.clock.mockImplementation(() => Math.floor(now + performance.now() - start));
    }

    file(name: string, content: unknown): string {
        const path = join(this.directory, name);
        writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
        return path;
    }

    read(name: string): Record<string, unknown> {
        return JSON.parse(readFileSync(join(this.directory, name), 'utf8'));
    }

    async wallet(index: number): Promise<Address> {
        return Address.parse((await this.development(index)).address);
    }

    private async development(index: number): Promise<DevelopmentWallet> {
        const wallet = this.wallets.get(index) ?? (await developmentWallet(1, index));
        this.wallets.set(index, wallet);
        return wallet;
    }

    async run(script: Script, args: string[], options: RunOptions = {}): Promise<Run> {
        const run: Run = { text: '', questions: [] };
        const provider = await this.provider(recorder(run, [...(options.answers ?? [])]), options);
        try {
            await script(provider, args);
        } catch (error) {
            run.error = error as Error;
        }
        return run;
    }

    /** As `run`, for runs that must succeed. */
    async ok(script: Script, args: string[], options: RunOptions = {}): Promise<Run> {
        const run = await this.run(script, args, options);
        if (run.error) throw run.error;
        return run;
    }

    private async provider(ui: UIProvider, { wallet = 0, type = 'custom', endpoint }: RunOptions) {
        const { mnemonic, version } = await this.development(wallet);
        process.env = {
            ...this.environment,
            WALLET_MNEMONIC: mnemonic.join(' '),
            WALLET_VERSION: version,
        };
        return createNetworkProvider(ui, {
            _: [],
            '--custom': endpoint ?? this.url,
            '--custom-version': 'v2',
            '--custom-type': type,
            '--mnemonic': true,
        } as unknown as Parameters<typeof createNetworkProvider>[1]);
    }

    async registry(networkFile: string): Promise<OpenedContract<Registry>> {
        const { registry } = JSON.parse(
            readFileSync(networkFile.replace(/\.json$/, '.deployed.json'), 'utf8'),
        );
        return this.open(Registry.fromAddress(Address.parse(registry)));
    }

    open<T extends Contract>(contract: T): OpenedContract<T> {
        return new TonClient({ endpoint: this.url }).open(contract);
    }
}

function recorder(run: Run, answers: (string | boolean)[]): UIProvider {
    const answer = (question: string) => {
        run.questions.push(question);
        return answers.shift();
    };
    return {
        write: (message) => {
            run.text += `${message}\n`;
        },
        prompt: async (question) => answer(question) === true,
        input: async (question) => String(answer(question) ?? ''),
        inputAddress: async (question) => Address.parse(String(answer(question))),
        choose: async (question, choices) => {
            answer(question);
            return choices[0]!;
        },
        setActionPrompt: () => undefined,
        clearActionPrompt: () => undefined,
    };
}

/** The committed description of a local network, as an object to change. */
export function localNetwork(): {
    [name: string]: unknown;
    terms: Record<'jobs' | 'stakes' | 'vaults' | 'disputes', Record<string, unknown>> &
        Record<string, unknown>;
} {
    return JSON.parse(readFileSync(join(__dirname, '../../networks/local.json'), 'utf8'));
}
