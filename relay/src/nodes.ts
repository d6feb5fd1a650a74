import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { RelayLimits } from './limits';
import type { Metrics } from './metrics';
import { Channel, CloseCode, provenKey } from './protocol';

/** Where a relay says what happens; never with content or addresses. */
export interface RelayLogger {
    info(details: object, message: string): void;
    warn(details: object, message: string): void;
}

interface Connected {
    socket: WebSocket;
    channel: Channel;
}

export interface NodesOptions {
    /** Names that the relay is reached under, as in `wss://<host>`. */
    hosts: readonly string[];
    limits: RelayLimits;
    metrics: Metrics;
    logger?: RelayLogger;
    /** Of a challenge, 32 bytes. */
    random?: () => Uint8Array;
}

/** A node's outbound buffer beyond which it gets no more calls: it does not read. */
const FULL_BYTES = 8 * 1024 * 1024;

/** The nodes that are connected, by operator key. */
export class Nodes {
    readonly #connected = new Map<string, Connected>();

    constructor(private readonly options: NodesOptions) {}

    get size(): number {
        return this.#connected.size;
    }

    /** Connection of a node; `full` when it takes no more calls now. */
    find(key: string): Channel | 'full' | undefined {
        const node = this.#connected.get(key);
        if (!node) return undefined;
        const full = node.channel.size >= this.options.limits.streamsPerNode;
        return full || node.socket.bufferedAmount > FULL_BYTES ? 'full' : node.channel;
    }

    /** Lets a new connection prove its key, then serves it. */
    admit(socket: WebSocket): void {
        const { limits, hosts, metrics, random = () => randomBytes(32) } = this.options;
        const challenge = random();
        const refuse = (code: number, reason: string) => {
            metrics.connections.inc({ outcome: 'refused' });
            socket.close(code, reason);
        };
        const late = setTimeout(() => refuse(CloseCode.Refused, 'no proof in time'), limits.handshakeMs);
        socket.once('close', () => clearTimeout(late));
        socket.once('message', (data, binary) => {
            clearTimeout(late);
            const key = binary ? undefined : provenKey(String(data), challenge, hosts);
            if (key === undefined) return refuse(CloseCode.Refused, 'the proof is wrong');
            if (!this.#connected.has(key) && this.size >= limits.nodes) return refuse(CloseCode.Full, 'full');
            this.#serve(key, socket);
        });
        socket.send(JSON.stringify({ challenge: Buffer.from(challenge).toString('hex') }));
    }

    close(): void {
        for (const { socket, channel } of [...this.#connected.values()]) {
            socket.close(CloseCode.GoingAway, 'the relay stops');
            channel.close();
        }
    }

    #serve(key: string, socket: WebSocket): void {
        const { metrics, logger } = this.options;
        const node = key.slice(0, 8);
        const channel = new Channel({ send: (message) => socket.send(message) });
        const before = this.#connected.get(key);
        this.#connected.set(key, { socket, channel });
        if (before) {
            metrics.connections.inc({ outcome: 'replaced' });
            before.socket.close(CloseCode.Replaced, 'a newer connection of this key');
            before.channel.close();
        }
        socket.on('message', (data, binary) => {
            try {
                if (!binary) throw new Error('text');
                channel.receive(data as Buffer);
            } catch {
                logger?.warn({ node }, 'a node broke the protocol: its connection is closed');
                socket.close(CloseCode.Protocol, 'not a frame of this protocol');
                channel.close();
            }
        });
        const beat = this.#heartbeat(socket);
        socket.once('close', (code) => {
            clearInterval(beat);
            channel.close();
            metrics.connections.inc({ outcome: 'lost' });
            if (this.#connected.get(key)?.socket === socket) this.#connected.delete(key);
            logger?.info({ node, code, nodes: this.size }, 'a node is gone');
        });
        socket.send(JSON.stringify({ ready: true }));
        metrics.connections.inc({ outcome: 'served' });
        logger?.info({ node, nodes: this.size }, 'a node is served');
    }

    #heartbeat(socket: WebSocket): NodeJS.Timeout {
        let alive = true;
        socket.on('pong', () => {
            alive = true;
        });
        return setInterval(() => {
            if (!alive) return socket.terminate();
            alive = false;
            socket.ping();
        }, this.options.limits.heartbeatMs);
    }
}
