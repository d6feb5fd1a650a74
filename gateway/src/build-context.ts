import type { Inference } from 'cocoon-sdk';
import { SqlChannelBook } from './channels';
import type { GatewayContext } from './context';
import { messageOf } from './errors';
import type { GatewayOptions } from './gateway';
import type { InferenceParts } from './inference/create';
import { eventSink } from './inference/events';
import { KeyCache } from './keys';
import { Budgets, Ledger, LedgerWal, noteRecovered, type Recovered } from './ledger';
import { RateLimiter } from './limits';
import { ModelCache } from './models';
import { Health, Metrics } from './observability';
import { Running } from './running';
import type { State } from './state';

/** Builds everything that a request needs on top of what is durable. */
export async function buildContext(
    { database, membership, sealer, ledgerDirectory }: State,
    { config, logger, now = Date.now }: GatewayOptions,
    createInference: (parts: Omit<InferenceParts, 'client'>) => Promise<Inference>,
): Promise<GatewayContext> {
    const metrics = new Metrics();
    const health = new Health();
    const book = new SqlChannelBook({ database, membership, sealer });
    const onRecovered = (recovered: Recovered) => {
        noteRecovered(database, membership.id, recovered).catch((error: unknown) => {
            logger.warn({ reason: messageOf(error) }, 'what a channel had served could not be noted');
        });
    };
    const inference = await createInference({
        config,
        channels: book,
        logger,
        onEvent: eventSink({ metrics, logger, onRecovered }),
        onEvidence: (code, node) => {
            metrics.evidence.inc({ code });
            logger.warn({ node, code }, 'a node lied; it is not asked any more for a while');
        },
    });
    health.register('database', async () => {
        await database.query('SELECT 1');
        return { ok: true, details: { kind: database.kind } };
    });
    health.register('lease', () => ({ ok: membership.valid, details: { peers: membership.peers } }));
    const wal = new LedgerWal(ledgerDirectory, membership.id);
    return {
        config,
        logger,
        metrics,
        health,
        database,
        sealer,
        membership,
        book,
        inference,
        models: new ModelCache(inference, now),
        keys: new KeyCache({ database, now }),
        limiter: new RateLimiter({ peers: () => membership.peers }),
        budgets: new Budgets({
            database,
            logger,
            process: membership.id,
            block: config.ledger.budgetBlock,
            idleMs: config.ledger.budgetIdleSeconds * 1000,
        }),
        ledger: new Ledger({
            database,
            wal,
            logger,
            flushMs: config.ledger.flushMilliseconds,
            flushRows: config.ledger.flushRows,
        }),
        running: new Running(config.limits.concurrentRequests),
        now,
    };
}
