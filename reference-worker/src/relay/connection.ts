import { Channel, MAX_FRAME, type Proof, proofDigest } from 'cocoon-relay';
import { WebSocket } from 'ws';
import type { SessionHandler } from '../sessions';
import { BodyPool, serveStream } from './serve';

/** The Ed25519 key that the node has on chain. */
export interface OperatorSigner {
    /** 32 bytes. */
    publicKey: Uint8Array;
    /** Signature over a hash, 64 bytes. */
    sign(hash: Uint8Array): Uint8Array;
}

export interface ConnectionOptions {
    /** `wss://relay.example`. */
    url: string;
    operator: OperatorSigner;
    handler: SessionHandler;
    /** Called once the relay serves this node. */
    onReady(): void;
    /** Calls at a time; 1,024 by default. */
    maxStreams?: number;
    /** Without a word of the relay for so long the connection counts as lost; 90 s by default. */
    silenceMs?: number;
}

/** Why a connection ended. */
export interface Ended {
    /** Close code of the relay, 1006 when it said nothing. */
    code: number;
    ready: boolean;
}

/** One connection to a relay. */
export class RelayConnection {
    readonly ended: Promise<Ended>;
    readonly #socket: WebSocket;
    readonly #pool = new BodyPool();
    readonly #channel: Channel;
    readonly #running = new Set<Promise<void>>();
    #ready = false;

    constructor(private readonly options: ConnectionOptions) {
        const { url, handler, maxStreams, silenceMs = 90_000 } = options;
        const socket = new WebSocket(new URL('/connect', url), {
            maxPayload: MAX_FRAME,
            perMessageDeflate: false,
            handshakeTimeout: 15_000,
            followRedirects: false,
        });
        this.#socket = socket;
        this.#channel = new Channel({
            send: (message) => socket.send(message),
            maxStreams,
            accept: (stream) => {
                const serving = serveStream(stream, handler, this.#pool);
                this.#running.add(serving);
                void serving.finally(() => this.#running.delete(serving));
            },
        });
        const silent = setTimeout(() => socket.terminate(), silenceMs);
        socket.on('ping', () => silent.refresh());
        socket.on('message', (data, binary) => {
            silent.refresh();
            this.#take(data as Buffer, binary);
        });
        // What follows an error is the close.
        socket.on('error', () => undefined);
        this.ended = new Promise((resolve) => {
            socket.once('close', (code) => {
                clearTimeout(silent);
                this.#channel.close();
                resolve({ code, ready: this.#ready });
            });
        });
    }

    /** Calls under way. */
    get running(): number {
        return this.#running.size;
    }

    /** Resolves once no call is under way. */
    async idle(): Promise<void> {
        while (this.#running.size > 0) await Promise.all(this.#running);
    }

    close(): void {
        this.#channel.close();
        if (this.#socket.readyState === WebSocket.OPEN) this.#socket.close(1000);
        else this.#socket.terminate();
    }

    #take(data: Buffer, binary: boolean): void {
        try {
            if (binary && this.#ready) this.#channel.receive(data);
            else this.#greet(JSON.parse(String(data)));
        } catch {
            this.#socket.terminate();
        }
    }

    #greet(message: { challenge?: unknown; ready?: unknown }): void {
        if (message.ready === true && !this.#ready) {
            this.#ready = true;
            this.options.onReady();
            return;
        }
        const { operator, url } = this.options;
        const challenge = Buffer.from(String(message.challenge), 'hex');
        if (challenge.length !== 32) throw new Error('no challenge');
        const digest = proofDigest(new URL(url).host, operator.publicKey, challenge);
        const proof: Proof = {
            key: Buffer.from(operator.publicKey).toString('hex'),
            signature: Buffer.from(operator.sign(digest)).toString('hex'),
        };
        this.#socket.send(JSON.stringify(proof));
    }
}
