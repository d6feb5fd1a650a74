import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { JobState } from '../journal';

const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** All metrics of one worker. Labels never hold addresses, job ids or user text: they would grow without bound. */
export class Metrics {
    readonly registry = new Registry();
    readonly jobs: Gauge<'state'>;
    readonly jobsFinished: Counter<'outcome'>;
    readonly claims: Counter<'result'>;
    readonly itemSeconds: Histogram<'model'>;
    readonly tokens: Counter<'model' | 'kind'>;
    readonly engineErrors: Counter<'model' | 'code'>;
    readonly messages: Counter<'purpose' | 'result'>;
    readonly earnedNano: Counter;
    readonly rpcErrors: Counter;

    constructor() {
        const registers = [this.registry];
        collectDefaultMetrics({ register: this.registry, prefix: 'cocoon_worker_' });
        this.jobs = new Gauge({
            name: 'cocoon_worker_jobs',
            help: 'Jobs in the journal by state',
            labelNames: ['state'],
            registers,
        });
        this.jobsFinished = new Counter({
            name: 'cocoon_worker_jobs_finished_total',
            help: 'Jobs that reached a final state, by that state',
            labelNames: ['outcome'],
            registers,
        });
        this.claims = new Counter({
            name: 'cocoon_worker_claims_total',
            help: 'Claims by result (won, refused, expired)',
            labelNames: ['result'],
            registers,
        });
        this.itemSeconds = new Histogram({
            name: 'cocoon_worker_item_seconds',
            help: 'Engine time of one item, seconds',
            labelNames: ['model'],
            buckets: SECONDS,
            registers,
        });
        this.tokens = new Counter({
            name: 'cocoon_worker_tokens_total',
            help: 'Tokens by model and kind (prompt, completion)',
            labelNames: ['model', 'kind'],
            registers,
        });
        this.engineErrors = new Counter({
            name: 'cocoon_worker_engine_errors_total',
            help: 'Engine failures by model and error code',
            labelNames: ['model', 'code'],
            registers,
        });
        this.messages = new Counter({
            name: 'cocoon_worker_messages_total',
            help: 'External messages by purpose and result (sent, confirmed, expired)',
            labelNames: ['purpose', 'result'],
            registers,
        });
        this.earnedNano = new Counter({
            name: 'cocoon_worker_earned_nanoton_total',
            help: 'What settled jobs paid, nanoTON',
            registers,
        });
        this.rpcErrors = new Counter({
            name: 'cocoon_worker_rpc_errors_total',
            help: 'Failed RPC calls, each attempt counted',
            registers,
        });
    }

    /** Takes over the journal's counts; called before each scrape. */
    setJobCounts(counts: Record<JobState, number>): void {
        for (const [state, count] of Object.entries(counts)) this.jobs.set({ state }, count);
    }
}
