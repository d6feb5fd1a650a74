import { resolve } from 'node:path';
import type { Secrets, WorkerConfig } from './config';
import type { ServedModel, Service, WorkerContext } from './context';
import { createEngine } from './engines';
import { ConfigError } from './errors';
import { Journal } from './journal';
import { runServices } from './lifecycle';
import { progressReporter, resolveModel } from './models';
import { Health, type Logger, Metrics } from './observability';
import { createServices } from './services';
import { Capacity } from './services/policy/capacity';

const DAY_MS = 86_400_000;

export interface WorkerOptions {
    config: WorkerConfig;
    secrets: Secrets;
    logger: Logger;
    /** Where relative paths of the config start. Default: the current directory. */
    directory?: string;
    environment?: NodeJS.ProcessEnv;
    /** Current time, Unix milliseconds. */
    now?: () => number;
    /** Ends start-up early. */
    signal?: AbortSignal;
    /** The services to run; by default all of the worker's. */
    createServices?: (context: WorkerContext) => Service[];
}

export interface Worker {
    readonly context: WorkerContext;
    /** Runs until `stop` fires (drain) or a service fails. Throws that failure. */
    run(stop: AbortSignal, force?: AbortSignal): Promise<void>;
    /** Frees engines and journal; after `run`, or instead of it. */
    close(): Promise<void>;
}

/**
 * Opens the journal, gets and verifies model files, and starts engines. Throws `JournalError`, `ModelError`,
 * `EngineError` or `ConfigError`, with everything that was opened closed again.
 */
export async function createWorker(options: WorkerOptions): Promise<Worker> {
    const { config, secrets, logger } = options;
    const directory = options.directory ?? process.cwd();
    const now = options.now ?? Date.now;
    const journal = Journal.open(resolve(directory, config.journal.path), { now });
    const models = new Map<string, ServedModel>();
    const close = async () => {
        await Promise.all([...models.values()].map(({ engine }) => engine.close()));
        journal.close();
    };
    try {
        journal.prune(now() - config.journal.retentionDays * DAY_MS);
        await openModels(models, options, directory);
    } catch (error) {
        await close();
        throw error;
    }
    const context: WorkerContext = {
        config,
        directory,
        secrets,
        logger,
        metrics: new Metrics(),
        health: new Health(),
        journal,
        models,
        now,
    };
    return {
        context,
        close,
        run: (stop, force = new AbortController().signal) =>
            runServices({
                services: (options.createServices ?? createServices)(context),
                logger,
                stop,
                force,
                drainTimeoutSeconds: config.drain.timeoutSeconds,
                onReady: (ready) => context.health.setReady(ready),
            }),
    };
}

async function openModels(
    models: Map<string, ServedModel>,
    { config, logger, environment, signal }: WorkerOptions,
    directory: string,
): Promise<void> {
    for (const model of config.models) {
        signal?.throwIfAborted();
        const { modelId, manifest, file } = await resolveModel(model, config, {
            directory,
            progress: progressReporter,
            ...(signal ? { signal } : {}),
        });
        if (models.has(modelId)) {
            throw new ConfigError(
                `models: ${model.name} is listed twice (${modelId})`,
                'remove one of the two entries',
            );
        }
        const engine = await createEngine(model, file, environment);
        const { name, pricing } = model;
        const capacity = new Capacity(engine.capacity, config.sessions?.reservedSlots);
        models.set(modelId, {
            modelId,
            name,
            engine,
            capacity,
            pricing,
            ...(manifest ? { manifest } : {}),
        });
        logger.info(
            { model: name, modelId, engine: engine.name, capacity: engine.capacity },
            'model is ready',
        );
    }
}
