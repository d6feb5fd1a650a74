import type { LocalNetwork, RegisteredNode } from './local-network';

export const NULL_MODEL = '11'.repeat(32);

/** A worker.yaml as an object for a node on a local network, quick to notice what happens. */
export function workerConfig(
    network: Pick<LocalNetwork, 'url' | 'registry'>,
    node: Pick<RegisteredNode, 'index'>,
    changes: Record<string, unknown> = {},
) {
    return {
        network: {
            id: -217,
            endpoints: [network.url],
            registry: network.registry.toString(),
            pollSeconds: 0.2,
        },
        node: { index: node.index },
        models: [{ name: 'nothing', modelId: NULL_MODEL, engine: { type: 'null' }, pricing: {} }],
        policy: { maxConcurrentJobs: 8, maxCollateral: '100 TON', minExecutionSeconds: 1 },
        journal: { path: 'journal.db' },
        http: { port: 0 },
        drain: { timeoutSeconds: 20 },
        log: { level: 'info' },
        ...changes,
    };
}
