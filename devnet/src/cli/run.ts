import { fromNano, toNano } from '@ton/core';
import { createDevnet, type Devnet } from '../devnet';
import { DevnetError } from '../errors';
import type { ServerAddress } from '../rpc/server';
import { type DevelopmentWallet, developmentWallet } from '../wallets';
import { type CliOptions, parseArguments } from './args';

/** Balance of each development wallet, nanoTON. */
const WALLET_FUNDS = toNano(10_000);

/** Runs the network until a signal; resolves to the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
    const options = parseArguments(argv);
    let devnet: Devnet | undefined;
    try {
        const stopped = failureOrSignal();
        devnet = await start(options, stopped.fail);
        const server = await devnet.listen({ port: options.port, host: options.host });
        const wallets = await fundAll(devnet, options);
        print(options, server, wallets);
        await stopped.promise;
        return 0;
    } catch (error) {
        console.error(`cocoon-devnet: ${error instanceof DevnetError ? error.message : describe(error)}`);
        return 1;
    } finally {
        await devnet?.close();
    }
}

function start(options: CliOptions, onError: (error: unknown) => void): Promise<Devnet> {
    return createDevnet({
        blockMs: options.blockMs,
        hop: options.hop,
        order: options.shuffle ? 'shuffle' : 'fifo',
        seed: options.seed,
        dropExternal: options.dropExternal,
        persist: options.persist,
        onError,
    });
}

/** Wallets keep what they have when a persisted network goes on. */
async function fundAll(devnet: Devnet, options: CliOptions): Promise<DevelopmentWallet[]> {
    const wallets: DevelopmentWallet[] = [];
    for (let i = 0; i < options.wallets; i++) wallets.push(await developmentWallet(options.seed, i));
    const fresh = wallets.filter(({ address }) => devnet.transactions(address).length === 0);
    const requests = fresh.map(({ address }) => ({ address, amount: WALLET_FUNDS })).concat(options.fund);
    await Promise.all(requests.map(({ address, amount }) => devnet.fund(address, amount)));
    return wallets;
}

function print(options: CliOptions, server: ServerAddress, wallets: readonly DevelopmentWallet[]): void {
    const shown = wallets.map(({ address, version, mnemonic }) => ({
        address,
        version,
        mnemonic: mnemonic.join(' '),
    }));
    if (options.json) {
        console.log(
            JSON.stringify({ endpoint: server.url, host: server.host, port: server.port, wallets: shown }),
        );
        return;
    }
    const lines = [
        `Local TON network at ${server.url}`,
        '',
        `  TonClient    new TonClient({ endpoint: '${server.url}' })`,
        `  Blueprint    npx blueprint run --custom ${server.url} --custom-version v2 --custom-type custom --mnemonic`,
        `  Fund         curl '${server.url.replace('jsonRPC', 'api/v2/devnet_fund')}?address=EQ…&amount=1000000000'`,
        `  Stop         Ctrl-C${options.persist ? ` (goes on from ${options.persist})` : ' (everything is forgotten; --persist <file> keeps it)'}`,
    ];
    if (shown.length > 0) {
        lines.push(
            '',
            `Development wallets (${fromNano(WALLET_FUNDS)} TON at the start; their keys are public: never use them elsewhere)`,
        );
        for (const { address, version, mnemonic } of shown)
            lines.push(`  ${version}  ${address}`, `        ${mnemonic}`);
    }
    console.log(lines.join('\n'));
}

/** Resolves on Ctrl-C or a request to stop; rejects when the network fails by itself. */
function failureOrSignal(): { promise: Promise<void>; fail: (error: unknown) => void } {
    let fail: (error: unknown) => void = () => undefined;
    const promise = new Promise<void>((resolve, reject) => {
        fail = reject;
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    });
    // Whoever awaits it sees the rejection; before that it must not count as unhandled.
    promise.catch(() => undefined);
    return { promise, fail };
}

function describe(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
