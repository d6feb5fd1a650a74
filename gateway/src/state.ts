import { join } from 'node:path';
import { Membership } from './cluster';
import type { GatewayConfig, Secrets } from './config';
import { type Database, migrate, openDatabase } from './db';
import { lockDirectory } from './db/directory-lock';
import { messageOf } from './errors';
import { replayLeft, settleOwn } from './ledger';
import type { Logger } from './observability';
import { Sealer } from './sealer';

/** What is durable: the locked directory, the database, this process's place in it. */
export interface State {
    readonly directory: string;
    /** Where the ledger's local files lie. */
    readonly ledgerDirectory: string;
    readonly database: Database;
    readonly membership: Membership;
    readonly sealer: Sealer;
    /** @param settled whether all ledger rows are in the database, so that the accounts of this process can be closed. */
    close(settled?: boolean): Promise<void>;
}

export interface OpenStateOptions {
    config: GatewayConfig;
    secrets: Secrets;
    logger: Logger;
    /** Absolute. */
    directory: string;
}

/** Throws DatabaseError (locked, unreachable, newer schema) with everything closed again. */
export async function openState({ config, secrets, logger, directory }: OpenStateOptions): Promise<State> {
    const ledgerDirectory = join(directory, 'ledger');
    const unlock = lockDirectory(directory);
    let database: Database | undefined;
    try {
        const { databaseUrl: url } = secrets;
        database = await openDatabase({
            config: config.database,
            directory,
            ...(url === undefined ? {} : { url }),
            onError: (error) => logger.warn({ reason: messageOf(error) }, 'a database connection broke'),
        });
        await migrate(database);
        const added = await replayLeft(database, ledgerDirectory);
        if (added > 0) logger.info({ rows: added }, 'ledger rows of an earlier run were brought in');
        const membership = new Membership({ database, logger, leaseMs: config.lease.seconds * 1000 });
        await membership.join();
        const opened = database;
        return {
            directory,
            ledgerDirectory,
            database,
            membership,
            sealer: new Sealer(secrets.masterKey),
            async close(settled = false) {
                try {
                    if (settled) await settleOwn(opened, membership.id);
                    await membership.leave();
                } catch (error) {
                    logger.warn({ reason: messageOf(error) }, 'the database did not hear of the end');
                } finally {
                    membership.stop();
                    await opened.close();
                    unlock();
                }
            },
        };
    } catch (error) {
        await database?.close();
        unlock();
        throw error;
    }
}
