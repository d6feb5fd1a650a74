import { loadConfig, loadSecrets, type Secrets, type WorkerConfig } from './config';
import { createLogger, type Logger } from './observability';
import { createWorker } from './worker';

export interface RunWorkerOptions {
    /** Path of a worker.yaml, or a checked configuration. */
    config: string | WorkerConfig;
    /** By default from the file that the configuration names, and the environment. */
    secrets?: Secrets;
    /** By default as the configuration says, on standard output. */
    logger?: Logger;
    /** Where relative paths start; by default where worker.yaml lies, else the current directory. */
    directory?: string;
    /** Overrides of settings, secrets and API keys. Default: process.env. */
    environment?: NodeJS.ProcessEnv;
    /** Fires to drain: no new claims, work in hand is finished and submitted. */
    signal: AbortSignal;
    /** Fires to put work down at once; it goes on at the next start. */
    force?: AbortSignal;
}

/**
 * Runs a worker until `signal` fires. Throws WorkerError (with `exitCode` and `remedy`) when it cannot start or must
 * stop; an unreachable RPC is waited for.
 */
export async function runWorker(options: RunWorkerOptions): Promise<void> {
    const { signal, force, environment = process.env } = options;
    const loaded =
        typeof options.config === 'string'
            ? loadConfig(options.config, environment)
            : { config: options.config, directory: process.cwd() };
    const { config } = loaded;
    const directory = options.directory ?? loaded.directory;
    const secrets = options.secrets ?? loadSecrets(config.secrets.file, directory, environment);
    const logger = options.logger ?? (await createLogger(config.log));
    try {
        const worker = await createWorker({ config, secrets, logger, directory, environment, signal });
        try {
            await worker.run(signal, force);
            logger.info('stopped');
        } finally {
            await worker.close();
        }
    } catch (error) {
        // Asked to stop while still starting: nothing was promised, so this is an ordinary end.
        if (signal.aborted && error === signal.reason) return;
        throw error;
    }
}
