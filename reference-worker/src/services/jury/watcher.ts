import { Node, Registry, watchAccusations } from 'cocoon-sdk';
import { journalCursors } from '../../chain';
import type { JurorConfig } from '../../config';
import type { Service } from '../../context';
import { messageOf } from '../../errors';
import { errorCode } from '../job-loop';
import { pause, type Runtime } from '../runtime';

const RETRY_MS = 30_000;
const NODES_SEEN = 'jury.nodesSeen';

/**
 * Finds disputes where they begin: the account of each accused node tells of its accusations. All nodes of the network are
 * watched, each at the juror's pace. What happened before the first start is passed over, new nodes are read from their birth.
 */
export function createAccusationWatcher(runtime: Runtime, config: JurorConfig): Service {
    const { health, journal, logger } = runtime.context;
    const stopping = new AbortController();
    const watched = new Map<number, Promise<void>>();
    const trouble = new Map<number, string>();
    const intervalMs = config.pollSeconds * 1000;
    let counting: Promise<void> | undefined;

    health.register('accusations', () => {
        const [first] = trouble;
        return first ? { ok: false, reason: `node ${first[0]}: ${first[1]}` } : { ok: true };
    });

    async function watchNode(index: number, start: 'beginning' | 'now'): Promise<void> {
        const { address } = Node.fromIndex(runtime.chain.registry, index);
        while (!stopping.signal.aborted) {
            try {
                const accusations = watchAccusations(runtime.chain.client, {
                    address,
                    cursors: journalCursors(journal),
                    start,
                    intervalMs,
                    signal: stopping.signal,
                });
                trouble.delete(index);
                for await (const { dispute } of accusations) found(dispute.toRawString());
            } catch (error) {
                if (stopping.signal.aborted) return;
                trouble.set(index, errorCode(error));
                logger.error(
                    { node: index, code: errorCode(error), reason: messageOf(error).split('\n')[0] },
                    'a node cannot be watched for accusations; trying again',
                );
                await pause(RETRY_MS, stopping.signal);
            }
        }
    }

    function found(dispute: string): void {
        if (!journal.disputes.insert({ dispute, role: 'juror' })) return;
        logger.info({ dispute }, 'a node is accused');
        runtime.wake();
    }

    async function watchAll(): Promise<void> {
        const { client, node } = runtime.chain;
        const { nodeCount } = await client.open(Registry.fromAddress(client.registry)).getNetwork();
        const seen = Number(journal.counters.get(NODES_SEEN));
        for (let index = 0; index < nodeCount; index++) {
            // The node's own account is watched by the node watcher: one account, one cursor.
            if (watched.has(index) || index === node.index) continue;
            logger.debug({ node: index }, 'watching a node for accusations');
            watched.set(index, watchNode(index, seen === 0 ? 'now' : 'beginning'));
        }
        if (nodeCount > seen) journal.counters.add(NODES_SEEN, BigInt(nodeCount - seen));
    }

    async function keepCounting(): Promise<void> {
        while (!stopping.signal.aborted) {
            try {
                await watchAll();
            } catch (error) {
                if (stopping.signal.aborted) return;
                logger.warn({ code: errorCode(error) }, 'the number of nodes could not be read');
            }
            await pause(intervalMs, stopping.signal);
        }
    }

    return {
        name: 'accusation-watcher',
        async start(drain) {
            drain.addEventListener('abort', () => stopping.abort(), { once: true });
            if (drain.aborted) stopping.abort();
            if (runtime.isConnected) counting = keepCounting();
        },
        async stop() {
            stopping.abort();
            await counting;
            await Promise.all(watched.values());
        },
    };
}
