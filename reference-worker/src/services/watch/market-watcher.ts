import { marketsOf } from '../../chain';
import type { Service } from '../../context';
import type { Runtime } from '../runtime';
import { discover } from './discover';
import { watch } from './watch';

/** Watches every Market shard of the configured models under each terms that the node serves. */
export function createMarketWatcher(runtime: Runtime): Service {
    const { health, models } = runtime.context;
    const stopping = new AbortController();
    const watched = new Map<string, Promise<void>>();
    const trouble = new Map<string, string>();
    let release: (() => void) | undefined;

    health.register('markets', () => {
        const [first] = trouble;
        return first ? { ok: false, reason: `${first[0]}: ${first[1]}` } : { ok: true };
    });

    /** Terms that the owner adopts while the worker runs bring new Markets. */
    function watchAll(): void {
        if (stopping.signal.aborted) return;
        const { registry, view } = runtime.chain;
        for (const terms of view.terms.served.values()) {
            for (const { address, modelId, shard } of marketsOf(registry, terms, models.keys())) {
                const key = address.toRawString();
                if (watched.has(key)) continue;
                const name = `market ${models.get(modelId)!.name}/${shard}`;
                const task = watch(runtime, {
                    address,
                    name,
                    signal: stopping.signal,
                    onTransaction: (tx) => discover(runtime, tx),
                    onHealth: (problem) => {
                        if (problem) trouble.set(name, problem);
                        else trouble.delete(name);
                    },
                });
                watched.set(key, task);
            }
        }
    }

    return {
        name: 'market-watcher',
        async start(drain) {
            drain.addEventListener('abort', () => stopping.abort(), { once: true });
            if (drain.aborted) stopping.abort();
            watchAll();
            release = runtime.onWake(watchAll);
        },
        async stop() {
            stopping.abort();
            release?.();
            await Promise.all(watched.values());
        },
    };
}
