import type { Service, WorkerContext } from '../context';
import { createChainService } from './chain-service';
import { Claimer } from './claims/claimer';
import { KeyWaiter } from './claims/key-waiter';
import { Defender } from './defence/defender';
import { Executor } from './execution/executor';
import { createHealthService } from './health-server';
import { createJuryServices } from './jury';
import { Throughput } from './policy/throughput';
import { Settler } from './results/settler';
import { Submitter } from './results/submitter';
import { Runtime } from './runtime';
import { createSessionServices } from './sessions';
import { createMarketWatcher } from './watch/market-watcher';
import { createNodeWatcher } from './watch/node-watcher';

/**
 * The worker's services in order of start; they stop in reverse. New work therefore comes last and ends first, and the
 * connection outlives everything that sends over it.
 */
export function createServices(context: WorkerContext): Service[] {
    const runtime = new Runtime(context);
    const throughput = new Throughput();
    const services: Service[] = [];
    if (context.config.http.port !== 0) services.push(createHealthService(context));
    const { sessions, juror } = context.config;
    const serving = sessions && createSessionServices(runtime, sessions);
    services.push(
        createChainService(runtime),
        ...(serving ? [serving.redeemer] : []),
        createNodeWatcher(runtime),
        new Defender(runtime).service(),
        ...(juror?.enabled ? createJuryServices(runtime, juror) : []),
        new Settler(runtime).service(),
        new Submitter(runtime).service(),
        new Executor(runtime, throughput).service(),
        new KeyWaiter(runtime).service(),
        new Claimer(runtime, throughput).service(),
        createMarketWatcher(runtime),
        ...(serving ? [serving.server] : []),
    );
    return services;
}
