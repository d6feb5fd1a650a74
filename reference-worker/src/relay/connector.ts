import { setTimeout as sleep } from 'node:timers/promises';
import { CloseCode } from 'cocoon-relay';
import type { Service } from '../context';
import { ConfigError } from '../errors';
import type { Logger } from '../observability';
import type { SessionHandler } from '../sessions';
import { reconnectDelay } from './backoff';
import { type OperatorSigner, RelayConnection } from './connection';

export interface RelayServiceOptions {
    /** `wss://relay.example`; `ws:` only on this machine. */
    url: string;
    operator: OperatorSigner;
    handler: SessionHandler;
    logger: Logger;
    /** Waits before the next attempt; a timer by default. */
    delay?: (ms: number, signal: AbortSignal) => Promise<unknown>;
    /** Uniform in [0, 1). */
    random?: () => number;
    silenceMs?: number;
}

/** The service, and whether the relay serves this node at the moment. */
export interface RelayService extends Service {
    readonly connected: boolean;
}

/** Base URL that a node is reached under behind a relay: what its profile names as endpoint. */
export function relayEndpoint(url: string, publicKey: Uint8Array): string {
    const http = relayUrl(url).protocol === 'wss:' ? 'https' : 'http';
    return `${http}://${new URL(url).host}/n/${Buffer.from(publicKey).toString('hex')}`;
}

/**
 * Keeps one connection to a relay, through which clients reach a node without an open port, and makes it again whenever
 * it is lost. The start does not wait for it: without the relay the node still works on jobs.
 */
export function createRelayService(options: RelayServiceOptions): RelayService {
    const {
        delay = (ms, signal) => sleep(ms, undefined, { signal }),
        random = Math.random,
        logger,
    } = options;
    const { host } = relayUrl(options.url);
    const stopped = new AbortController();
    let connection: RelayConnection | undefined;
    let connected = false;
    let loop: Promise<void> = Promise.resolve();

    async function keepConnected(): Promise<void> {
        for (let attempt = 0; !stopped.signal.aborted; attempt++) {
            connection = new RelayConnection({
                ...options,
                onReady: () => {
                    connected = true;
                    logger.info({ relay: host }, 'the relay serves this node');
                },
            });
            const { code, ready } = await connection.ended;
            connected = false;
            if (stopped.signal.aborted) return;
            if (ready) attempt = 0;
            // Two workers with one key would throw each other out: the longest wait makes that rare and visible.
            const wait = reconnectDelay(code === CloseCode.Replaced ? 10 : attempt, random);
            logger.warn({ relay: host, code, waitMs: wait }, lostMessage(code));
            await delay(wait, stopped.signal).catch(() => undefined);
        }
    }

    return {
        name: `relay ${host}`,
        get connected() {
            return connected;
        },
        async start() {
            loop = keepConnected();
        },
        async stop(force) {
            const forced = new Promise<void>((resolve) => {
                if (force.aborted) resolve();
                else force.addEventListener('abort', () => resolve(), { once: true });
            });
            await Promise.race([connection?.idle(), forced]);
            stopped.abort();
            connection?.close();
            await loop;
        },
    };
}

function lostMessage(code: number): string {
    if (code === CloseCode.Replaced) return 'another worker with this operator key took over at the relay';
    if (code === CloseCode.Refused)
        return 'the relay refuses the operator key: does it know its name (--host)?';
    if (code === CloseCode.Full) return 'the relay takes no more nodes';
    return 'not connected to the relay; trying again';
}

function relayUrl(text: string): URL {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const local = url && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
    if (url?.protocol === 'wss:' || (url?.protocol === 'ws:' && local)) return url;
    throw new ConfigError(
        'relay: the URL is not one of a relay',
        'name it as wss://relay.example; ws:// is only for a relay on this machine',
    );
}
