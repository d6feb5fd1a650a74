import { randomBytes } from 'node:crypto';
import {
    type AllocationRef,
    type AnswerFrame,
    type ControlKind,
    decodeAllocationStatus,
    type EnvelopeKind,
    encapsulate,
    encodeBody,
    encodeControlContent,
    encodePaymentContent,
    encodeRequestContent,
    FrameDecoder,
    parseAnswerFrame,
    type SealedEnvelope,
    type SessionPrices,
    type SessionSecret,
    type SessionTask,
    sealEnvelope,
    signAuthorization,
    signControl,
    signVoucher,
} from 'cocoon-sdk';
import { nativePrimitives } from 'cocoon-sdk/node';
import type { SessionAnswer, SessionHandler } from '../../src/sessions';

export const primitives = nativePrimitives();
export const PRICES: SessionPrices = { prompt: 1_000_000n, cachedPrompt: 1_000_000n, completion: 1_000_000n };

export interface ClientOptions {
    allocation: AllocationRef;
    /** Seed of the voucher key. */
    voucherSeed: Uint8Array;
    /** X25519 key that requests are sealed to. */
    nodeKey: Uint8Array;
    modelId: Uint8Array;
    /** How calls reach the node. */
    call: (path: string, body: Uint8Array, signal?: AbortSignal) => Promise<RawAnswer>;
}

export interface RawAnswer {
    status: number;
    headers: Record<string, string>;
    body: AsyncIterable<Uint8Array>;
}

export interface RequestOptions {
    sequence: bigint;
    cumulative: bigint;
    counter?: number;
    task?: SessionTask;
    prices?: SessionPrices;
    salt?: Uint8Array;
    modelId?: Uint8Array;
    voucherSeed?: Uint8Array;
    authorizationSeed?: Uint8Array;
}

/** The client's side of the protocol at its plainest, so that tests can get every part of it wrong. */
export class TestClient {
    secret!: SessionSecret;

    private constructor(readonly options: ClientOptions) {}

    static async create(options: ClientOptions): Promise<TestClient> {
        const client = new TestClient(options);
        await client.encapsulate();
        return client;
    }

    async encapsulate(): Promise<void> {
        this.secret = await encapsulate(primitives, this.options.allocation, this.options.nodeKey);
    }

    sealRequest(body: object, options: RequestOptions): SealedEnvelope {
        const { allocation, voucherSeed, modelId } = this.options;
        const content = encodeRequestContent({
            salt: options.salt ?? randomBytes(32),
            voucher: signVoucher(
                primitives,
                options.voucherSeed ?? voucherSeed,
                allocation,
                options.cumulative,
            ),
            authorization: signAuthorization(
                primitives,
                options.authorizationSeed ?? voucherSeed,
                allocation,
                this.secret.enc,
            ),
            prices: options.prices ?? PRICES,
            modelId: options.modelId ?? modelId,
            task: options.task ?? 'chat',
            json: encodeBody(body as Record<string, unknown>),
        });
        return this.seal('request', options.sequence, options.counter ?? 0, content);
    }

    seal(kind: EnvelopeKind, sequence: bigint, counter: number, content: Uint8Array): SealedEnvelope {
        const { vault, slot, generation } = this.options.allocation;
        const header = { kind, vault, slot, generation, sequence, counter };
        return sealEnvelope(primitives, this.secret, header, content);
    }

    post(path: string, { bytes }: SealedEnvelope, signal?: AbortSignal): Promise<RawAnswer> {
        return this.options.call(`/cocoon/v1/${path}`, bytes, signal);
    }

    /** Sends a request and reads its answer to the end. */
    async request(body: object, options: RequestOptions): Promise<Reply> {
        const sealed = this.sealRequest(body, options);
        return readReply(await this.post('requests', sealed), sealed);
    }

    async pay(sequence: bigint, chunk: number, cumulative: bigint): Promise<Reply> {
        const { allocation, voucherSeed } = this.options;
        const voucher = signVoucher(primitives, voucherSeed, allocation, cumulative);
        const sealed = this.seal('payment', sequence, chunk, encodePaymentContent(voucher));
        return readReply(await this.post('payments', sealed), sealed);
    }

    async control(kind: ControlKind, time: number, seed = this.options.voucherSeed) {
        const sequence = randomBytes(8).readBigUInt64BE();
        const ref = { ...this.options.allocation, sequence };
        const content = encodeControlContent(signControl(primitives, seed, kind, ref, time));
        const sealed = this.seal(kind, sequence, 0, content);
        const answer = await this.post(kind, sealed);
        if (answer.status >= 300) return { ...(await readReply(answer, sealed)), info: undefined };
        const [frame] = await decodeAll(answer.body, sealed.responseKey);
        return { status: answer.status, error: undefined, info: decodeAllocationStatus(frame!.payload) };
    }
}

export interface Reply {
    status: number;
    frames: AnswerFrame[];
    /** All bytes of the body. */
    bytes: Buffer;
    headers: Record<string, string>;
    error?: { code: string; message: string; needed?: string };
}

export async function readReply(answer: RawAnswer, { responseKey }: SealedEnvelope): Promise<Reply> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of answer.body) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const { status, headers } = answer;
    if (status === 200) {
        const frames = new FrameDecoder(primitives, responseKey).push(bytes).map(parseAnswerFrame);
        return { status, headers, frames, bytes };
    }
    const error = bytes.length > 0 ? JSON.parse(bytes.toString()).error : undefined;
    return { status, headers, frames: [], bytes, error };
}

async function decodeAll(body: AsyncIterable<Uint8Array>, responseKey: Uint8Array) {
    const decoder = new FrameDecoder(primitives, responseKey);
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return decoder.push(Buffer.concat(chunks));
}

/** Text of all deltas. */
export function textOf({ frames }: Pick<Reply, 'frames'>): string {
    return frames.map((frame) => (frame.type === 'delta' ? (frame.delta.t ?? '') : '')).join('');
}

/** Calls a handler without a socket. */
export function viaHandler(handler: SessionHandler): ClientOptions['call'] {
    return async (path, body, signal = new AbortController().signal) =>
        rawAnswer(await handler.handle({ method: 'POST', path, body, signal }));
}

export function rawAnswer({ status, headers, body }: SessionAnswer): RawAnswer {
    return { status, headers, body: body instanceof Uint8Array ? once(body) : body };
}

/** Calls a node over HTTP. */
export function viaHttp(url: string): ClientOptions['call'] {
    return async (path, body, signal) => {
        const answer = await fetch(url + path, {
            method: 'POST',
            body: Buffer.from(body),
            ...(signal && { signal }),
        });
        return {
            status: answer.status,
            headers: Object.fromEntries(answer.headers),
            body: (answer.body ?? once(new Uint8Array(0))) as AsyncIterable<Uint8Array>,
        };
    };
}

async function* once(bytes: Uint8Array) {
    yield bytes;
}
