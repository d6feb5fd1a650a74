import { RpcError } from 'cocoon-sdk';
import { Chain, keyMismatch, RpcMonitor } from '../chain';
import type { Service } from '../context';
import { messageOf, WorkerError } from '../errors';
import type { CheckResult } from '../observability';
import { errorCode } from './job-loop';
import { messageCosts } from './policy/costs';
import { pause, type Runtime } from './runtime';

const LONGEST_WAIT_MS = 60_000;
/** Node and wallet are read no more often than this, however quick the polling. */
const SHORTEST_REFRESH_MS = 1_000;

/**
 * Connects to the chain, finishes what an earlier run left on its way, and keeps the view of node and wallet fresh.
 * An unreachable RPC is waited for, with /healthz red meanwhile; what cannot mend itself stops the worker.
 */
export function createChainService(runtime: Runtime): Service {
    const { config, health, logger, metrics, models } = runtime.context;
    const monitor = new RpcMonitor(() => metrics.rpcErrors.inc());
    const pollMs = Math.max(SHORTEST_REFRESH_MS, config.network.pollSeconds * 1000);
    let stopping = false;
    let refreshing: Promise<void> | undefined;
    let lastTrouble: string | undefined;

    health.register('rpc', () => monitor.check());
    health.register('node', () => nodeCheck(runtime));
    health.register('wallet', () => walletCheck(runtime));

    async function connect(drain: AbortSignal): Promise<Chain | undefined> {
        for (let wait = 1_000; !drain.aborted; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
            try {
                const chain = await Chain.connect(runtime.context, monitor, runtime.halt.signal);
                await chain.outgoing.recover();
                return chain;
            } catch (error) {
                if (drain.aborted) return undefined;
                if (!isPassing(error)) throw error;
                logger.warn(
                    {
                        code: errorCode(error),
                        reason: messageOf(error).split('\n')[0],
                        waitSeconds: wait / 1000,
                    },
                    'the chain cannot be reached; trying again',
                );
                await pause(wait, drain);
            }
        }
        return undefined;
    }

    async function keepFresh(): Promise<void> {
        while (!stopping) {
            await pause(pollMs, runtime.halt.signal);
            if (stopping || runtime.halt.signal.aborted) return;
            try {
                await runtime.chain.refresh();
                warnOnce(await nodeCheck(runtime), await walletCheck(runtime));
                runtime.wake();
            } catch (error) {
                if (runtime.halt.signal.aborted) return;
                logger.warn(
                    { code: errorCode(error), reason: messageOf(error).split('\n')[0] },
                    'the node could not be read',
                );
            }
        }
    }

    function warnOnce(...checks: CheckResult[]): void {
        const trouble = checks.find(({ ok }) => !ok)?.reason;
        if (trouble && trouble !== lastTrouble) logger.error({ reason: trouble }, 'no new jobs are claimed');
        if (!trouble && lastTrouble) logger.info('jobs are claimed again');
        lastTrouble = trouble;
    }

    return {
        name: 'chain',
        async start(drain) {
            const abort = () => runtime.halt.abort();
            drain.addEventListener('abort', abort, { once: true });
            const chain = await connect(drain);
            drain.removeEventListener('abort', abort);
            if (!chain) return;
            runtime.connected(chain);
            report(chain);
            warnOnce(nodeCheck(runtime), walletCheck(runtime));
            refreshing = keepFresh();
        },
        async stop(force) {
            stopping = true;
            if (runtime.isConnected && !force.aborted) {
                const cut = () => runtime.halt.abort();
                force.addEventListener('abort', cut, { once: true });
                await runtime.chain.outgoing.idle();
            }
            runtime.halt.abort();
            await refreshing;
        },
    };

    function report(chain: Chain): void {
        const { details, terms } = chain.view;
        logger.info(
            { node: chain.node.index, address: chain.node.address.toString(), terms: terms.served.size },
            'connected to the network',
        );
        for (const [hash, reason] of terms.refused) {
            logger.warn(
                { terms: hash, reason },
                'the node serves under terms that this version does not know',
            );
        }
        const offered = new Set(
            [...details.profile.offers.values()].map(({ modelId }) => modelId.toString(16).padStart(64, '0')),
        );
        for (const { modelId, name } of models.values()) {
            if (!offered.has(modelId))
                logger.warn({ model: name, modelId }, 'the node does not offer this model on chain');
            offered.delete(modelId);
        }
        for (const modelId of offered) {
            logger.warn({ modelId }, 'the node offers a model on chain that is not configured here');
        }
    }
}

/** Whether waiting may help. */
function isPassing(error: unknown): boolean {
    if (error instanceof WorkerError) return false;
    return error instanceof RpcError || errorCode(error) === 'wallet_outcome_unknown';
}

/** Whether the node may claim at all. */
export function nodeCheck(runtime: Runtime): CheckResult {
    if (!runtime.isConnected) return { ok: false, reason: 'not connected yet' };
    const { chain, context } = runtime;
    const { node, pausedUntil, terms } = chain.view;
    const mismatch = keyMismatch(chain.view, chain.wallet, context.secrets);
    if (mismatch) {
        return {
            ok: false,
            reason: `the node has another ${mismatch} since a key rotation; restart with the new secrets once claimed jobs are done`,
        };
    }
    if (node.exiting) return { ok: false, reason: 'the node is exiting: its owner unbonds the reserve' };
    if (terms.served.size === 0)
        return { ok: false, reason: 'the node serves under no terms that this version knows' };
    if (pausedUntil > chain.clock.now())
        return { ok: false, reason: 'the guardian paused the network; claimed jobs go on' };
    return { ok: true };
}

/** Whether the operator wallet can pay for the messages of one more job. */
export function walletCheck(runtime: Runtime): CheckResult {
    if (!runtime.isConnected) return { ok: false, reason: 'not connected yet' };
    const { chain } = runtime;
    const needed = messageCosts(chain.view.prices).attached;
    if (chain.view.walletBalance >= needed) return { ok: true };
    const address = chain.wallet.toString({ bounceable: false });
    return {
        ok: false,
        reason: `the operator wallet ${address} holds ${chain.view.walletBalance} nanoTON, a job needs ${needed}; send TON to it`,
    };
}
