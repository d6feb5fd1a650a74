import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { forward } from './forward';
import { addressGroup, DEFAULT_LIMITS, Quota, type RelayLimits, STREAM_BYTES } from './limits';
import { Metrics } from './metrics';
import { Nodes, type RelayLogger } from './nodes';
import { Channel, MAX_FRAME } from './protocol';
import {
    answerHealth,
    answerPreflight,
    bodyTooLarge,
    type Refusal,
    type Route,
    refuse,
    routeOf,
} from './route';

export interface RelayOptions {
    /** Names (with the port, where it is not the scheme's own) that nodes reach this relay under. */
    hosts: readonly string[];
    limits?: Partial<RelayLimits>;
    /** Count clients by the last X-Forwarded-For: for a relay behind one proxy. */
    trustProxy?: boolean;
    logger?: RelayLogger;
    /** Of challenges, 32 bytes each. */
    random?: () => Uint8Array;
}

const TOO_MANY: Refusal = [429, 'node_busy', 'Too many calls from this address.'];

/** Carries calls to nodes that keep a connection open. Knows keys, sizes and times; holds nothing that can be lost. */
export class Relay {
    readonly metrics = new Metrics();
    readonly limits: RelayLimits;
    readonly #server: Server;
    readonly #sockets = new WebSocketServer({
        noServer: true,
        maxPayload: MAX_FRAME,
        perMessageDeflate: false,
    });
    readonly #nodes: Nodes;
    readonly #addresses: Quota;
    #streams = 0;

    constructor(private readonly options: RelayOptions) {
        this.limits = { ...DEFAULT_LIMITS, ...options.limits };
        this.#nodes = new Nodes({ ...options, limits: this.limits, metrics: this.metrics });
        this.#addresses = new Quota(this.limits.perAddress);
        this.#server = createServer((request, response) => this.#call(request, response));
        this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    }

    /** Resolves with the port, which the system chooses for 0. */
    listen(port: number, host = '127.0.0.1'): Promise<number> {
        return new Promise((resolve, reject) => {
            this.#server.once('error', reject);
            this.#server.listen(port, host, () => resolve((this.#server.address() as AddressInfo).port));
        });
    }

    /** What is under way and what is connected; the gauges follow it. */
    status(): { nodes: number; streams: number; reservedBytes: number } {
        this.metrics.nodes.set(this.#nodes.size);
        this.metrics.streams.set(this.#streams);
        return {
            nodes: this.#nodes.size,
            streams: this.#streams,
            reservedBytes: this.#streams * STREAM_BYTES,
        };
    }

    /** Ends everything: clients try again, nodes connect again. */
    async close(): Promise<void> {
        this.#nodes.close();
        await new Promise<void>((resolve) => {
            this.#server.close(() => resolve());
            this.#server.closeAllConnections();
            for (const socket of this.#sockets.clients) socket.terminate();
        });
    }

    #call(request: IncomingMessage, response: ServerResponse): void {
        const route = routeOf(request.url ?? '');
        if (request.url === '/healthz') answerHealth(response, this.status());
        else if (route && request.method === 'OPTIONS') answerPreflight(response);
        else this.#carry(route, request, response);
    }

    #carry(route: Route | undefined, request: IncomingMessage, response: ServerResponse): void {
        const channel = route && this.#nodes.find(route.key);
        const refusal = this.#refusal(route, channel, request);
        const giveBack = refusal ? undefined : this.#addresses.take(this.#addressOf(request));
        if (!giveBack || !(channel instanceof Channel)) {
            this.metrics.calls.inc({ outcome: 'refused' });
            refuse(response, ...(refusal ?? TOO_MANY));
            return;
        }
        this.#streams++;
        const stream = channel.open({ method: request.method, path: route!.path });
        void forward(request, response, stream, this.limits, this.metrics).finally(() => {
            this.#streams--;
            giveBack();
        });
    }

    #refusal(
        route: Route | undefined,
        channel: Channel | 'full' | undefined,
        request: IncomingMessage,
    ): Refusal | undefined {
        const { bodyBytes, memoryBytes } = this.limits;
        if (!route) return [404, 'protocol_unsupported', 'There is no such call.'];
        if (request.method !== route.method)
            return [405, 'protocol_unsupported', `This call is a ${route.method}.`];
        if (Number(request.headers['content-length'] ?? 0) > bodyBytes) return bodyTooLarge(bodyBytes);
        if (!channel) return [503, 'draining', 'The node is not connected here.'];
        if (channel === 'full') return [429, 'node_busy', 'The node takes no more calls now.'];
        const full = (this.#streams + 1) * STREAM_BYTES > memoryBytes;
        return full ? [503, 'node_busy', 'The relay takes no more calls now.'] : undefined;
    }

    #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
        const giveBack =
            request.url === '/connect' ? this.#addresses.take(this.#addressOf(request)) : undefined;
        socket.on('error', () => socket.destroy());
        if (!giveBack) return void socket.end('HTTP/1.1 429 Too Many Requests\r\nconnection: close\r\n\r\n');
        socket.once('close', giveBack);
        this.#sockets.handleUpgrade(request, socket, head, (accepted) => {
            // The close that follows an error is all that matters.
            accepted.on('error', () => undefined);
            this.#nodes.admit(accepted);
        });
    }

    #addressOf(request: IncomingMessage): string {
        const forwarded = this.options.trustProxy ? request.headers['x-forwarded-for'] : undefined;
        const last = String(forwarded ?? '')
            .split(',')
            .at(-1)!
            .trim();
        return addressGroup(last || (request.socket.remoteAddress ?? ''));
    }
}
