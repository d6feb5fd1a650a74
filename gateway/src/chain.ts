import {
    type Cocoon,
    createCocoon,
    createRpc,
    createWalletSender,
    type JobStore,
    type WalletSender,
} from 'cocoon-sdk';
import { exclusiveSender, sqlPendingStore } from './channels';
import { type GatewayConfig, gatewayWallet, type Secrets } from './config';
import type { Database } from './db';

export interface GatewayChain {
    readonly cocoon: Cocoon;
    /** The wallet's own sender, for bringing a pending message to its end. */
    readonly wallet: WalletSender;
}

export interface ConnectOptions {
    config: GatewayConfig;
    secrets: Secrets;
    database: Database;
    jobStore: JobStore;
    environment: NodeJS.ProcessEnv;
    signal: AbortSignal;
}

/** A client of the network whose wallet is shared by all processes on the database. Throws SecretsError, ConfigError. */
export async function connectChain(options: ConnectOptions): Promise<GatewayChain> {
    const { config, secrets, database, jobStore, environment, signal } = options;
    const { network } = config;
    const intervalMs = network.pollSeconds * 1000;
    const reader = createRpc({
        endpoints: network.endpoints.map(({ url, apiKeyEnv }) => ({
            url,
            ...(apiKeyEnv && environment[apiKeyEnv] ? { apiKey: environment[apiKeyEnv] } : {}),
        })),
        timeoutMs: network.timeoutSeconds * 1000,
        ...(network.ratePerSecond ? { ratePerSecond: network.ratePerSecond } : {}),
        signal,
    });
    const wallet = createWalletSender({
        reader,
        wallet: await gatewayWallet(config, secrets),
        pending: sqlPendingStore(database),
        intervalMs,
        signal,
    });
    const cocoon = createCocoon({
        network: { networkId: network.id, registry: network.registry, endpoints: [] },
        registry: network.registry,
        provider: reader,
        sender: exclusiveSender(wallet, database),
        jobStore,
        intervalMs,
        signal,
    });
    return { cocoon, wallet };
}
