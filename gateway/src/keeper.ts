import type { Membership } from './cluster';
import type { Database } from './db';
import { messageOf } from './errors';
import { settleDead } from './ledger';
import type { Service } from './lifecycle';
import type { Logger } from './observability';

export interface KeeperOptions {
    database: Database;
    membership: Membership;
    logger: Logger;
    intervalMs: number;
}

/** Looks after the others: ends processes that died, and settles their accounts when their channels were recovered. */
export function createKeeper({ database, membership, logger, intervalMs }: KeeperOptions): Service {
    let timer: NodeJS.Timeout | undefined;
    let looking: Promise<void> = Promise.resolve();
    const look = async () => {
        try {
            const ended = await membership.reap();
            if (ended.length > 0)
                logger.warn({ processes: ended }, 'gateways died; what they leased is free');
            await settleDead(database);
        } catch (error) {
            logger.warn(
                { reason: messageOf(error) },
                'looking after other gateways failed; it is tried again',
            );
        }
    };
    return {
        name: 'keeper',
        failed: membership.failed,
        async start() {
            timer = setInterval(() => {
                looking = looking.then(look);
            }, intervalMs);
        },
        async stop() {
            clearInterval(timer);
            await looking;
        },
    };
}
