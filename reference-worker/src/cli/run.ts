import { loadConfig, loadSecrets } from '../config';
import { processSignals } from '../lifecycle';
import { createLogger } from '../observability';
import { createWorker } from '../worker';

/** `cocoon-worker run` */
export async function run(options: { config: string }): Promise<void> {
    const { config, directory } = loadConfig(options.config);
    const secrets = loadSecrets(config.secrets.file, directory);
    const logger = await createLogger(config.log);
    const signals = processSignals(logger);
    try {
        const worker = await createWorker({ config, secrets, logger, directory, signal: signals.stop });
        try {
            await worker.run(signals.stop, signals.force);
            logger.info('stopped');
        } finally {
            await worker.close();
        }
    } catch (error) {
        // Asked to stop while still starting: nothing was promised, so this is an ordinary end.
        if (signals.stop.aborted && error === signals.stop.reason) return;
        throw error;
    } finally {
        signals.dispose();
    }
}
