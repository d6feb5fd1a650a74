import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** All metrics of a relay. Labels never name a node or a client. */
export class Metrics {
    readonly registry = new Registry();
    readonly nodes = this.#gauge('nodes', 'Nodes that are connected');
    readonly streams = this.#gauge('streams', 'Calls that are under way');
    /** Calls by outcome: answered, cut, refused. */
    readonly calls = new Counter({
        name: 'cocoon_relay_calls_total',
        help: 'Calls by outcome',
        labelNames: ['outcome'] as const,
        registers: [this.registry],
    });
    readonly bytes = new Counter({
        name: 'cocoon_relay_bytes_total',
        help: 'Bytes passed on, by direction (to_node, to_client)',
        labelNames: ['direction'] as const,
        registers: [this.registry],
    });
    readonly connections = new Counter({
        name: 'cocoon_relay_connections_total',
        help: 'Connections of nodes by how they went (served, refused, replaced, lost)',
        labelNames: ['outcome'] as const,
        registers: [this.registry],
    });

    constructor() {
        collectDefaultMetrics({ register: this.registry, prefix: 'cocoon_relay_' });
    }

    #gauge(name: string, help: string): Gauge {
        return new Gauge({ name: `cocoon_relay_${name}`, help, registers: [this.registry] });
    }
}
