import { Address } from '@ton/core';
import { codeId, SEQUENCE_WINDOW, Vault } from 'cocoon-sdk';
import { nativePrimitives } from 'cocoon-sdk/node';
import { isOperatorKey } from '../chain';
import { operatorPublicKey, type SessionsConfig } from '../config';
import type { Service } from '../context';
import { messageOf } from '../errors';
import { JournalError } from '../journal';
import { createRelayService, type RelayService } from '../relay';
import {
    Redeemer,
    Redemption,
    readVault,
    type SessionEnvironment,
    SessionHttpServer,
    SessionMetrics,
    SessionNode,
} from '../sessions';
import type { Runtime } from './runtime';

const PRUNE_MS = 2_000;
const SWEEP_MS = 60_000;
const DAY_MS = 86_400_000;

/** What serves sessions. Made when the chain is connected, because keys and addresses come from there. */
interface Parts {
    env: SessionEnvironment;
    node: SessionNode;
    redeemer: Redeemer;
}

/**
 * Services of sessions. `redeemer` goes right after the connection to the chain, so that it stops after everything that
 * earns; `server` goes last, so that calls come when all is ready and stop first.
 */
export function createSessionServices(
    runtime: Runtime,
    config: SessionsConfig,
): Record<'redeemer' | 'server', Service> {
    const { context } = runtime;
    const metrics = new SessionMetrics(context.metrics.registry);
    let parts: Parts | undefined;
    let fail: (error: unknown) => void = () => {};
    const failed = new Promise<never>((_, reject) => {
        fail = (error) => reject(journalFailure(error));
    });
    failed.catch(() => undefined);

    function make(): Parts {
        const { chain } = runtime;
        const env = environment(runtime, config, metrics, fail);
        const node = new SessionNode({
            env,
            readVault: (vault) =>
                readVault(Address.parseRaw(vault), {
                    rpc: chain.rpc,
                    registry: chain.registry,
                    now: context.now,
                }),
            onRelease: () => void redeemer.look(),
        });
        const redemption = new Redemption(env, chain);
        const redeemer = new Redeemer({
            env,
            ledger: node.ledger,
            vaults: node.vaults,
            send: (kind, allocation) => redemption.send(kind, allocation),
        });
        return { env, node, redeemer };
    }

    return {
        redeemer: redeemerService(runtime, config, () => (parts ??= make())),
        server: { ...serverService(runtime, config, () => (parts ??= make())), failed },
    };
}

function redeemerService(runtime: Runtime, config: SessionsConfig, parts: () => Parts): Service {
    const { journal, logger, now, config: all } = runtime.context;
    const timers: NodeJS.Timeout[] = [];
    const every = (ms: number, task: () => void) => timers.push(setInterval(task, ms));

    function look(): void {
        parts()
            .redeemer.look()
            .catch((error) => logger.error({ err: error }, 'vouchers could not be looked at'));
    }

    function sweep(): void {
        const { evidenceWindow } = runtime.chain.view.details;
        const { pruning } = journal.sessions;
        const evidence = now() - evidenceWindow * 1000;
        parts().node.sweep();
        pruning.receipts(evidence);
        pruning.requests(evidence, SEQUENCE_WINDOW);
        pruning.allocations(Math.min(evidence, now() - all.journal.retentionDays * DAY_MS));
    }

    return {
        name: 'redeemer',
        async start() {
            if (!runtime.isConnected) return;
            look();
            every(Math.max(1_000, all.network.pollSeconds * 1000), look);
            const { retainSeconds, maxBytes } = config.frames;
            every(PRUNE_MS, () => journal.sessions.pruning.frames(now() - retainSeconds * 1000, maxBytes));
            every(SWEEP_MS, sweep);
        },
        async stop(force) {
            for (const timer of timers) clearInterval(timer);
            if (runtime.isConnected) await parts().redeemer.drain(force);
        },
    };
}

function serverService(runtime: Runtime, config: SessionsConfig, parts: () => Parts): Service {
    const { health, logger, secrets } = runtime.context;
    let server: SessionHttpServer | undefined;
    let relay: RelayService | undefined;
    let stopRelay: Promise<void> | undefined;

    return {
        name: 'session-server',
        async start(drain) {
            if (!runtime.isConnected) return;
            const { env, node } = parts();
            drain.addEventListener('abort', () => node.beginDrain(), { once: true });
            if (drain.aborted) node.beginDrain();
            if (config.listen) {
                server = new SessionHttpServer(node.handler, config.listen);
                await server.listen();
                logger.info({ host: config.listen.host, port: server.port }, 'sessions are served');
            }
            if (config.relay) {
                const publicKey = operatorPublicKey(secrets);
                const sign = (hash: Uint8Array) => env.primitives.signEd25519(hash, env.operatorSecret);
                relay = createRelayService({
                    url: config.relay,
                    operator: { publicKey, sign },
                    handler: node.handler,
                    logger,
                });
                health.register('relay', () =>
                    relay!.connected ? { ok: true } : { ok: false, reason: 'not connected to the relay' },
                );
                await relay.start(drain);
            }
        },
        async stop(force) {
            if (!runtime.isConnected) return;
            const { node } = parts();
            node.beginDrain();
            await node.idle(force);
            stopRelay = relay?.stop?.(force);
            await Promise.all([stopRelay, server?.close(force)]);
        },
    };
}

function environment(
    runtime: Runtime,
    config: SessionsConfig,
    metrics: SessionMetrics,
    fatal: (error: unknown) => void,
): SessionEnvironment {
    const { chain, context } = runtime;
    const { journal, secrets, models, logger, now } = context;
    const publicKey = operatorPublicKey(secrets);
    return {
        place: { networkId: chain.networkId, node: new Uint8Array(chain.node.address.hash) },
        primitives: nativePrimitives(),
        operatorSecret: new Uint8Array(secrets.operatorSeed),
        encryptionSecret: new Uint8Array(secrets.encryptionSecret),
        config,
        store: journal.sessions,
        models,
        offers: () => chain.view.details.profile.offers.values(),
        isServed: (hash) =>
            chain.view.terms.served.get(hash)?.terms.kinds.vault?.hash === codeId(Vault.code()).hash,
        isOperator: () => isOperatorKey(chain.view.details, publicKey),
        payout: () => chain.view.node.payout.hash,
        logger,
        metrics,
        now,
        fatal,
    };
}

function journalFailure(error: unknown): JournalError {
    return new JournalError(
        'journal_unwritable',
        `the journal cannot be written: ${messageOf(error)}`,
        'free space on its disk, then start again; what was promised is in the journal',
        error,
    );
}
