import { fromNano } from '@ton/core';
import { loadConfig, loadSecrets } from '../config';
import { createGateway } from '../gateway';
import { processSignals } from '../lifecycle';
import { createLogger } from '../observability';

export interface SettleCommandOptions {
    config: string;
    withdraw?: boolean;
    wait?: boolean;
}

/**
 * `cocoon-gateway settle`: asks all allocations back that no running gateway uses, with the help of their nodes where they
 * answer, else after the delay of the vault.
 */
export async function settle(options: SettleCommandOptions): Promise<void> {
    const { config, directory } = loadConfig(options.config);
    const secrets = loadSecrets(config.secrets.file, directory);
    const logger = await createLogger({ ...config.log, level: 'warn' });
    const signals = processSignals(logger);
    const gateway = await createGateway({ config, secrets, logger, directory });
    try {
        const { withdraw = false, wait = false } = options;
        const { released, pending, withdrawn } = await gateway.context.inference.settle({
            withdraw,
            wait,
            signal: signals.stop,
        });
        process.stdout.write(`released   ${released} allocations\n`);
        process.stdout.write(
            `pending    ${pending} allocations${pending > 0 ? '; run this again after the delay' : ''}\n`,
        );
        process.stdout.write(`withdrawn  ${fromNano(withdrawn)} TON\n`);
    } finally {
        signals.dispose();
        await gateway.close();
    }
}
