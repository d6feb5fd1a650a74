import type { InferenceUsage } from 'cocoon-sdk';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** All metrics of one gateway. Labels never hold keys, nodes or user text: they would grow without bound. */
export class Metrics {
    readonly registry = new Registry();
    readonly requests: Counter<'route' | 'status'>;
    readonly firstTokenSeconds: Histogram<'model'>;
    readonly requestSeconds: Histogram<'route'>;
    readonly running: Gauge;
    readonly tokens: Counter<'model' | 'kind'>;
    readonly spentNano: Counter<'model'>;
    readonly failovers: Counter<'code'>;
    readonly interrupted: Counter<'code'>;
    readonly evidence: Counter<'code'>;
    readonly breakers: Counter<'state'>;
    readonly allocations: Counter<'type'>;
    readonly backgroundFailures: Counter<'task'>;
    readonly ledgerPending: Gauge;
    readonly batchJobs: Counter<'outcome'>;
    readonly vault: Gauge<'part'>;

    constructor() {
        const registers = [this.registry];
        collectDefaultMetrics({ register: this.registry, prefix: 'cocoon_gateway_' });
        const counter = <T extends string>(name: string, help: string, labelNames: T[]) =>
            new Counter<T>({ name: `cocoon_gateway_${name}`, help, labelNames, registers });
        const gauge = <T extends string>(name: string, help: string, labelNames: T[] = []) =>
            new Gauge<T>({ name: `cocoon_gateway_${name}`, help, labelNames, registers });
        const histogram = <T extends string>(name: string, help: string, labelNames: T[]) =>
            new Histogram<T>({
                name: `cocoon_gateway_${name}`,
                help,
                labelNames,
                buckets: SECONDS,
                registers,
            });
        this.requests = counter('requests_total', 'Requests by route and HTTP status', ['route', 'status']);
        this.firstTokenSeconds = histogram('first_token_seconds', 'Time until the first token', ['model']);
        this.requestSeconds = histogram('request_seconds', 'Time of whole requests', ['route']);
        this.running = gauge('running_requests', 'Requests for inference that run now');
        this.tokens = counter('tokens_total', 'Tokens by model and kind (prompt, cached, completion)', [
            'model',
            'kind',
        ]);
        this.spentNano = counter('spent_nanoton_total', 'Price of all answers, nanoTON', ['model']);
        this.failovers = counter('failovers_total', 'Attempts that went to another node, by cause', ['code']);
        this.interrupted = counter('interrupted_total', 'Answers that broke off after their first token', [
            'code',
        ]);
        this.evidence = counter('node_evidence_total', 'Nodes that were caught lying, by cause', ['code']);
        this.breakers = counter('breaker_changes_total', 'Changes of circuit breakers by new state', [
            'state',
        ]);
        this.allocations = counter('allocations_total', 'Changes of allocations by kind', ['type']);
        this.backgroundFailures = counter('background_failures_total', 'Background tasks that failed', [
            'task',
        ]);
        this.ledgerPending = gauge('ledger_pending_rows', 'Ledger rows that are only in the local file');
        this.batchJobs = counter('batch_jobs_total', 'Jobs of batches by outcome', ['outcome']);
        this.vault = gauge('vault_nanoton', 'The vault: free, allocated, promised; nanoTON', ['part']);
    }

    /** Books one answer. Price in nanoTON. */
    answered(model: string, usage: InferenceUsage, price: bigint, firstTokenMs: number | null): void {
        this.tokens.inc({ model, kind: 'prompt' }, usage.promptTokens);
        this.tokens.inc({ model, kind: 'cached' }, usage.cachedTokens);
        this.tokens.inc({ model, kind: 'completion' }, usage.completionTokens);
        this.spentNano.inc({ model }, Number(price));
        if (firstTokenMs !== null) this.firstTokenSeconds.observe({ model }, firstTokenMs / 1000);
    }
}
