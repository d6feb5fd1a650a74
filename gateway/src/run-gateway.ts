import { type GatewayConfig, loadConfig, loadSecrets, type Secrets } from './config';
import { createGateway, type Gateway } from './gateway';
import { createLogger, type Logger } from './observability';

export interface RunGatewayOptions {
    /** Path of a gateway.yaml, or a checked configuration. */
    config: string | GatewayConfig;
    /** By default from the file that the configuration names, and the environment. */
    secrets?: Secrets;
    /** By default as the configuration says, on standard output. */
    logger?: Logger;
    /** Where relative paths start; by default where gateway.yaml lies, else the current directory. */
    directory?: string;
    /** Overrides of settings, secrets and RPC keys. Default: process.env. */
    environment?: NodeJS.ProcessEnv;
    /** Fires to drain: no new requests, those in hand are answered. */
    signal: AbortSignal;
    /** Fires to end at once. */
    force?: AbortSignal;
    /** Called when requests are taken. */
    onReady?: (gateway: Gateway) => void;
}

/** Runs a gateway until `signal` fires. Throws GatewayError (with `exitCode` and `remedy`). */
export async function runGateway(options: RunGatewayOptions): Promise<void> {
    const { signal, force, environment = process.env } = options;
    const loaded =
        typeof options.config === 'string'
            ? loadConfig(options.config, environment)
            : { config: options.config, directory: process.cwd() };
    const { config } = loaded;
    const directory = options.directory ?? loaded.directory;
    const secrets = options.secrets ?? loadSecrets(config.secrets.file, directory, environment);
    const logger = options.logger ?? (await createLogger(config.log));
    const gateway = await createGateway({ config, secrets, logger, directory, environment });
    try {
        await gateway.run(signal, force, () => options.onReady?.(gateway));
        logger.info('stopped');
    } finally {
        await gateway.close();
    }
}
