import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const FIRST_TOKEN = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const DURATION = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** Metrics of sessions. Labels hold codes and names of models, never addresses or anything that a user sent. */
export class SessionMetrics {
    readonly running: Gauge;
    readonly requests: Counter<'model' | 'outcome'>;
    readonly refusals: Counter<'code'>;
    readonly replays: Counter;
    readonly tokens: Counter<'model' | 'kind'>;
    readonly firstToken: Histogram<'model'>;
    readonly seconds: Histogram<'model'>;
    readonly servedNano: Counter;
    readonly redeemedNano: Counter;
    readonly unredeemedNano: Gauge;
    readonly redemptions: Counter<'result'>;

    constructor(registry: Registry) {
        const registers = [registry];
        const prefix = 'cocoon_worker_session';
        this.running = new Gauge({
            name: `${prefix}s_running`,
            help: 'Requests that run now',
            registers,
        });
        this.requests = new Counter({
            name: `${prefix}_requests_total`,
            help: 'Requests that were started, by model and outcome',
            labelNames: ['model', 'outcome'],
            registers,
        });
        this.refusals = new Counter({
            name: `${prefix}_refusals_total`,
            help: 'Calls that were refused, by code',
            labelNames: ['code'],
            registers,
        });
        this.replays = new Counter({
            name: `${prefix}_replays_total`,
            help: 'Requests that were answered from the journal',
            registers,
        });
        this.tokens = new Counter({
            name: `${prefix}_tokens_total`,
            help: 'Tokens by model and kind (prompt, completion)',
            labelNames: ['model', 'kind'],
            registers,
        });
        this.firstToken = new Histogram({
            name: `${prefix}_first_token_seconds`,
            help: 'From the call to the first step of the engine',
            labelNames: ['model'],
            buckets: FIRST_TOKEN,
            registers,
        });
        this.seconds = new Histogram({
            name: `${prefix}_request_seconds`,
            help: 'From the call to the last frame',
            labelNames: ['model'],
            buckets: DURATION,
            registers,
        });
        this.servedNano = new Counter({
            name: `${prefix}_served_nanoton_total`,
            help: 'Price of ended requests, nanoTON',
            registers,
        });
        this.redeemedNano = new Counter({
            name: `${prefix}_redeemed_nanoton_total`,
            help: 'What the chain has paid for vouchers, before the fee, nanoTON',
            registers,
        });
        this.unredeemedNano = new Gauge({
            name: `${prefix}_unredeemed_nanoton`,
            help: 'Vouchers that are not redeemed yet, nanoTON',
            registers,
        });
        this.redemptions = new Counter({
            name: `${prefix}_redemptions_total`,
            help: 'Redemptions by result (confirmed, failed)',
            labelNames: ['result'],
            registers,
        });
    }
}
