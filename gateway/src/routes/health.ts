import type { FastifyPluginAsync } from 'fastify';
import type { GatewayContext } from '../context';

/** GET /healthz (all checks), /readyz (takes requests) and /metrics (Prometheus text). */
export function healthRoutes({ health, ledger, metrics, running }: GatewayContext): FastifyPluginAsync {
    return async (app) => {
        app.addHook('onRequest', (_request, reply, done) => {
            reply.header('cache-control', 'no-store');
            done();
        });
        app.get('/healthz', async (_request, reply) => {
            const report = await health.report();
            return reply.code(report.ok ? 200 : 503).send(report);
        });
        app.get('/readyz', async (_request, reply) =>
            reply.code(health.ready ? 200 : 503).send({ ready: health.ready }),
        );
        app.get('/metrics', async (_request, reply) => {
            metrics.ledgerPending.set(ledger.pending);
            metrics.running.set(running.count);
            reply.header('content-type', metrics.registry.contentType);
            return metrics.registry.metrics();
        });
    };
}
