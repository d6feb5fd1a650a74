import { readAccusation, readSettledLock } from '../../chain';
import type { Service } from '../../context';
import { recordAccusation } from '../defence/record';
import type { Runtime } from '../runtime';
import { discover } from './discover';
import { applySettlement } from './settlement';
import { watch } from './watch';

/** Watches the node itself: direct jobs that are announced to it, how its claims end, and what it is accused of. */
export function createNodeWatcher(runtime: Runtime): Service {
    const { health } = runtime.context;
    const stopping = new AbortController();
    let trouble: string | undefined;
    let task: Promise<void> | undefined;
    health.register('node-history', () => (trouble ? { ok: false, reason: trouble } : { ok: true }));

    return {
        name: 'node-watcher',
        async start() {
            task = watch(runtime, {
                address: runtime.chain.node.address,
                name: 'node',
                signal: stopping.signal,
                onTransaction: (tx) => {
                    const settled = readSettledLock(tx);
                    const accusation = readAccusation(tx);
                    if (settled) applySettlement(runtime, settled);
                    else if (accusation) recordAccusation(runtime, accusation);
                    else discover(runtime, tx);
                },
                onHealth: (problem) => {
                    trouble = problem;
                },
            });
        },
        async stop() {
            stopping.abort();
            await task;
        },
    };
}
