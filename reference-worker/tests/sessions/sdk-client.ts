import {
    Channel,
    SessionClient,
    type SessionEvidence,
    type SessionMarks,
    type SessionRequest,
    systemClock,
    type Transport,
} from 'cocoon-sdk';
import { x25519PublicKey } from '../../src/config';
import { PRICES, primitives, rawAnswer } from './client';
import { MODEL, type TestNode } from './node';

/** Where an envelope names the key that it is sealed to. */
const KEY_ID = 55;

/** The SDK's client on a node without sockets: whatever it does not believe throws, and is kept as evidence. */
export class SdkClient {
    readonly evidence: SessionEvidence[] = [];
    /** Status of every answer. */
    readonly statuses: number[] = [];
    /** Key ids that requests were sealed to, in order. */
    readonly sealedTo: string[] = [];
    readonly channel: Channel;
    readonly #client: SessionClient;

    constructor(public node: TestNode) {
        const marks: SessionMarks[] = [];
        const { env, voucherSeed, vault } = node;
        this.channel = new Channel({
            id: 'channel',
            allocation: { ...env.place, vault: new Uint8Array(vault), slot: 3, generation: 5n },
            endpoint: 'http://node.test',
            operatorKey: primitives.publicKeyEd25519(node.operatorSecret),
            encryptionKey: x25519PublicKey(node.encryptionSecret),
            voucherSecretKey: voucherSeed,
            allocated: 1_000_000n,
            store: { raise: async (_, mark) => void marks.push(mark) },
            primitives,
        });
        this.#client = new SessionClient({
            transport: this.#transport(),
            clock: { ...systemClock, now: () => this.node.env.now() },
            evidence: { put: (item) => void this.evidence.push(item) },
        });
    }

    async ask(body: Record<string, unknown>, changes: Partial<SessionRequest> = {}) {
        const modelId = Buffer.from(MODEL, 'hex');
        const request: SessionRequest = { task: 'chat', modelId, body, prices: PRICES, ...changes };
        return (await this.#client.request(this.channel, request)).collect();
    }

    #transport(): Transport {
        const call = async (method: string, url: string, body: Uint8Array, signal?: AbortSignal) => {
            const path = new URL(url).pathname;
            if (path.endsWith('/requests')) {
                this.sealedTo.push(Buffer.from(body.subarray(KEY_ID, KEY_ID + 8)).toString('hex'));
            }
            signal ??= new AbortController().signal;
            const { handler } = this.node.node;
            const answer = rawAnswer(await handler.handle({ method, path, body, signal }));
            this.statuses.push(answer.status);
            const { status, headers } = answer;
            return { status, header: (name: string) => headers[name], body: answer.body };
        };
        return {
            get: (url, options) => call('GET', url, new Uint8Array(0), options?.signal),
            post: (url, body, options) => call('POST', url, body, options?.signal),
        };
    }
}
