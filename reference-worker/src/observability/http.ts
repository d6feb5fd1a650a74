import * as daemon from 'cocoon-daemon';
import { WorkerError } from '../errors';
import type { Metrics } from './metrics';

export interface HealthServerOptions
    extends Pick<daemon.HealthServerOptions, 'config' | 'health' | 'refresh'> {
    metrics: Metrics;
}

/** Serves GET /healthz (all checks), /readyz (accepting work) and /metrics (Prometheus text). */
export class HealthServer extends daemon.HealthServer {
    constructor(options: HealthServerOptions) {
        super({
            ...options,
            Failure: WorkerError,
            remedy: 'choose another http.port (0 turns the server off), or stop what listens there',
        });
    }
}
