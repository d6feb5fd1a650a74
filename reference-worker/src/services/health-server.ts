import type { Service, WorkerContext } from '../context';
import { HealthServer } from '../observability';

/** Serves /healthz, /readyz and /metrics, with checks of the journal and of every engine. */
export function createHealthService(context: WorkerContext): Service {
    const { config, health, journal, logger, metrics, models } = context;
    health.register('journal', () => ({ ok: true, details: journal.jobs.counts() }));
    for (const { name, engine } of models.values()) health.register(`engine:${name}`, () => engine.health());
    const server = new HealthServer({
        config: config.http,
        health,
        metrics,
        refresh: () => metrics.setJobCounts(journal.jobs.counts()),
    });
    return {
        name: 'health-server',
        async start() {
            await server.listen();
            logger.info({ host: config.http.host, port: server.port }, 'health and metrics are served');
        },
        stop: () => server.close(),
    };
}
