import { loadConfig, loadSecrets } from '../config';
import { processSignals } from '../lifecycle';
import { createLogger } from '../observability';
import { runGateway } from '../run-gateway';

/** `cocoon-gateway run` */
export async function run(options: { config: string }): Promise<void> {
    const { config, directory } = loadConfig(options.config);
    const secrets = loadSecrets(config.secrets.file, directory);
    const logger = await createLogger(config.log);
    const signals = processSignals(logger);
    try {
        await runGateway({
            config,
            secrets,
            logger,
            directory,
            signal: signals.stop,
            force: signals.force,
        });
    } finally {
        signals.dispose();
    }
}
