import type { Service, WorkerContext } from '../context';
import { createHealthService } from './health-server';

/** The worker's services in order of start; they stop in reverse. */
export function createServices(context: WorkerContext): Service[] {
    const services: Service[] = [];
    if (context.config.http.port !== 0) services.push(createHealthService(context));
    return services;
}
