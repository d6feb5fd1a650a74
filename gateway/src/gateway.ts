import { resolve } from 'node:path';
import type { Inference } from 'cocoon-sdk';
import { Batches, type BatchJobs, chainJobs, sqlJobStore } from './batches';
import { buildContext } from './build-context';
import { connectChain, type GatewayChain } from './chain';
import type { GatewayConfig, Secrets } from './config';
import type { GatewayContext } from './context';
import { Files } from './files';
import { createServer } from './http/server';
import { HttpService } from './http/service';
import { type InferenceParts, inferenceOf } from './inference/create';
import { createKeeper } from './keeper';
import { runServices, type Service } from './lifecycle';
import type { Logger } from './observability';
import { openState, type State } from './state';

export interface GatewayOptions {
    config: GatewayConfig;
    secrets: Secrets;
    logger: Logger;
    /** Where relative paths of the config start. Default: the current directory. */
    directory?: string;
    environment?: NodeJS.ProcessEnv;
    /** Current time, Unix milliseconds. */
    now?: () => number;
    /** Replaces the SDK's inference; then nothing is read from the chain until a batch is run. */
    createInference?: (parts: Omit<InferenceParts, 'client'>) => Inference;
    /** Replaces jobs on the chain. */
    jobs?: BatchJobs;
}

export interface Gateway {
    readonly context: GatewayContext;
    /** As http://host:port, once it runs. */
    readonly url: string | undefined;
    /** Serves until `stop` fires (drain) or a service fails. Throws that failure. */
    run(stop: AbortSignal, force?: AbortSignal, onReady?: () => void): Promise<void>;
    /** Books what is left, gives leases back and closes the database; after `run`, or instead of it. */
    close(): Promise<void>;
}

/**
 * Takes the data directory, opens and migrates the database, brings in what an earlier run left, and connects.
 * Throws GatewayError, with everything that was opened closed again.
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
    const { config, secrets, logger, environment = process.env } = options;
    const directory = resolve(options.directory ?? process.cwd(), config.directory);
    const state = await openState({ config, secrets, logger, directory });
    const halt = new AbortController();
    try {
        const jobStore = sqlJobStore(state.database, state.sealer);
        let chain: Promise<GatewayChain> | undefined;
        const connect = () => {
            const { database } = state;
            chain ??= connectChain({ config, secrets, database, jobStore, environment, signal: halt.signal });
            return chain;
        };
        const context = await buildContext(state, options, async (parts) =>
            options.createInference
                ? options.createInference(parts)
                : inferenceOf({ ...parts, client: (await connect()).cocoon }),
        );
        return await assemble(context, state, options, halt, options.jobs ?? chainJobs(connect));
    } catch (error) {
        halt.abort();
        await state.close();
        throw error;
    }
}

async function assemble(
    context: GatewayContext,
    state: State,
    { config, logger }: GatewayOptions,
    halt: AbortController,
    jobs: BatchJobs,
): Promise<Gateway> {
    const { database, membership, running, inference, ledger, budgets } = context;
    const files = new Files(database, state.sealer);
    const batches = config.batches.enabled ? new Batches({ context, files, jobs }) : undefined;
    const app = await createServer(context, { files, batches });
    const http = new HttpService(app, { config: config.http, logger, running });
    const keeper = createKeeper({
        database,
        membership,
        logger,
        intervalMs: (config.lease.seconds * 1000) / 4,
    });
    const services: Service[] = [keeper, ...(batches ? [batches] : []), http];
    let closing: Promise<void> | undefined;
    return {
        context,
        get url() {
            return http.url;
        },
        async run(stop, force = new AbortController().signal, onReady) {
            // Names in the configuration are worth an allocation before the first request; a chain that is away is not worth a stop.
            if (config.models.length > 0) {
                inference.prepare(config.models).catch((error: unknown) => {
                    logger.warn(
                        { err: error },
                        'models could not be prepared; the first requests will wait for it',
                    );
                });
            }
            await runServices({
                services,
                logger,
                stop,
                force,
                drainTimeoutSeconds: config.drain.timeoutSeconds,
                onReady: (ready) => {
                    context.health.setReady(ready);
                    if (ready) onReady?.();
                },
            });
        },
        close() {
            closing ??= (async () => {
                await app.close();
                await inference.close();
                halt.abort();
                budgets.close();
                await ledger.close();
                await context.book.close();
                await state.close(ledger.pending === 0);
            })();
            return closing;
        },
    };
}
