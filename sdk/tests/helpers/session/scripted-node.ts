import {
    type AllocationRef,
    type AllocationStatus,
    completionLimit,
    decodeBody,
    decodeControlContent,
    decodePaymentContent,
    decodeRequestContent,
    type EncryptionKeyPair,
    EnvelopeOpener,
    encodeAllocationStatus,
    encodeDelta,
    encodeFailure,
    encodeFinalInfo,
    encodeNodeInfo,
    encodeReceipt,
    encodeRefusal,
    encryptionKeyId,
    FrameSealer,
    hashRequest,
    type OpenedEnvelope,
    priceOf,
    type ReceiptBody,
    type Refusal,
    type RefusalCode,
    type RequestContent,
    ResponseHash,
    type SessionDelta,
    type SessionKey,
    type SessionPrimitives,
    signReceipt,
    verifyControl,
} from '../../../src';
import { Recording } from './journal';
import type { MemoryEndpoint, MemoryResponse } from './memory-transport';
import { NodeLedger, type Served } from './node-ledger';

/** One step of a script: what is sent, and how many completion tokens the node counts for it. */
export type Step = { readonly delta: SessionDelta; readonly tokens: number };

/** How a node misbehaves; honest where nothing is given. */
export type Lies = {
    /** Changes what a receipt says before it is signed. */
    receipt?: (body: ReceiptBody) => ReceiptBody;
    /** Changes the bytes of a receipt after it was signed. */
    signed?: (bytes: Uint8Array) => Uint8Array;
    /** Changes the sealed frames of a connection (0 is the first): drop, repeat, alter, break. */
    frames?: (frames: AsyncIterable<Uint8Array>, connection: number) => AsyncIterable<Uint8Array>;
    /** Refuses a request instead of serving it. */
    refuse?: (attempt: number) => Refusal | undefined;
    /** What `state` says instead of the truth. */
    status?: (status: AllocationStatus) => AllocationStatus;
    /** A call never gets an answer. */
    silent?: boolean;
    /** Ends the answer with this failure after so many steps. */
    failAfter?: number;
    finalCached?: number;
};

export type NodeOptions = {
    readonly primitives: SessionPrimitives;
    readonly allocation: AllocationRef;
    readonly operatorSecretKey: Uint8Array;
    readonly encryptionKeys: EncryptionKeyPair[];
    readonly sessionKey?: SessionKey;
    readonly voucherKey: Uint8Array;
    readonly chunkTokens: number;
    readonly promptTokens: number;
    readonly script: readonly Step[];
    /** Unix seconds. */
    readonly now: () => number;
    readonly lies?: Lies;
};

/** A node without chain and engine, made of the codecs that the real one is made of. It pays attention to being paid. */
export class ScriptedNode {
    readonly ledger: NodeLedger;
    lies: Lies;
    script: readonly Step[];
    /** Calls by path, and requests that were served (not replayed). */
    readonly calls: string[] = [];
    readonly served: RequestContent[] = [];
    readonly payments: bigint[] = [];
    keys: EncryptionKeyPair[];
    sessionKey: SessionKey | null;
    private readonly opener: EnvelopeOpener;
    private readonly journal = new Map<string, Recording>();
    private highest = 0n;
    private attempts = 0;
    private connections = 0;

    constructor(private readonly options: NodeOptions) {
        const { primitives, allocation, voucherKey } = options;
        this.ledger = new NodeLedger(primitives, allocation, voucherKey);
        this.lies = options.lies ?? {};
        this.script = options.script;
        this.keys = options.encryptionKeys;
        this.sessionKey = options.sessionKey ?? null;
        this.opener = new EnvelopeOpener(primitives, allocation, (keyId) => {
            const same = (pair: EncryptionKeyPair) =>
                Buffer.compare(encryptionKeyId(primitives, pair.publicKey), keyId) === 0;
            return this.keys.find(same)?.secretKey;
        });
    }

    readonly endpoint: MemoryEndpoint = async (path, body) => {
        this.calls.push(path);
        if (path === '/cocoon/v1/node') return { status: 200, body: [encodeNodeInfo(this.info())] };
        if (this.lies.silent) return new Promise(() => undefined);
        try {
            const envelope = await this.opener.open(body);
            return await this.route(envelope, body);
        } catch (error) {
            return refusal({ code: (error as { refusal: RefusalCode }).refusal, message: '' });
        }
    };

    /** Loses the keys that it has, and takes others. */
    replaceKeys(keys: EncryptionKeyPair[], sessionKey: SessionKey): void {
        for (const { publicKey } of this.keys) {
            this.opener.forget(encryptionKeyId(this.options.primitives, publicKey));
        }
        this.keys = keys;
        this.sessionKey = sessionKey;
    }

    private info() {
        const { allocation, chunkTokens, now } = this.options;
        return {
            network: allocation.networkId,
            node: allocation.node,
            chunkTokens,
            time: now(),
            capacity: 8,
            running: 0,
            models: [],
            sessionKey: this.sessionKey,
        };
    }

    private async route(envelope: OpenedEnvelope, body: Uint8Array): Promise<MemoryResponse> {
        switch (envelope.header.kind) {
            case 'request':
                return this.request(envelope, body);
            case 'payment':
                return this.payment(envelope);
            case 'state':
            case 'release':
                return this.control(envelope, envelope.header.kind);
        }
    }

    private payment(envelope: OpenedEnvelope): MemoryResponse {
        const voucher = decodePaymentContent(envelope.content);
        this.payments.push(voucher.cumulative);
        if (!this.ledger.accept(voucher)) return refusal({ code: 'voucher_invalid', message: '' });
        return { status: 204 };
    }

    private control(envelope: OpenedEnvelope, kind: 'state' | 'release'): MemoryResponse {
        const { primitives, allocation, voucherKey } = this.options;
        const ref = { ...allocation, sequence: envelope.header.sequence };
        const content = decodeControlContent(envelope.content);
        if (!verifyControl(primitives, voucherKey, kind, ref, content)) {
            return refusal({ code: 'signature_invalid', message: '' });
        }
        const status: AllocationStatus = {
            cumulative: this.ledger.paid,
            signature: this.ledger.voucher?.signature ?? null,
            owed: this.ledger.owed,
            highestSequence: this.highest,
            releasing: kind === 'release',
        };
        const said = this.lies.status?.(status) ?? status;
        const frame = new FrameSealer(primitives, envelope.responseKey).seal(
            'reply',
            encodeAllocationStatus(said),
        );
        return { status: kind === 'state' ? 200 : 202, body: [frame] };
    }

    private request(envelope: OpenedEnvelope, body: Uint8Array): MemoryResponse {
        const { header } = envelope;
        const id = `${header.sequence}:${header.counter}`;
        const known = this.journal.get(id);
        if (known !== undefined && Buffer.compare(known.request, body) !== 0) {
            return refusal({ code: 'sequence_used', message: '' });
        }
        const recording = known ?? new Recording(body);
        if (known === undefined) {
            const refused = this.begin(envelope, recording);
            if (refused !== undefined) return refusal(refused);
            this.journal.set(id, recording);
        }
        const connection = this.connections++;
        const frames = recording.read();
        return { status: 200, body: this.lies.frames?.(frames, connection) ?? frames };
    }

    /** Checks and starts a request; gives the refusal where it does not. */
    private begin(envelope: OpenedEnvelope, recording: Recording): Refusal | undefined {
        const { allocation, voucherKey, chunkTokens, promptTokens } = this.options;
        const content = decodeRequestContent(envelope.content);
        const { authorization, voucher, prices } = content;
        const refused = this.lies.refuse?.(this.attempts++);
        if (refused !== undefined) return refused;
        if (!this.opener.isAuthorized({ envelope, allocation, voucherKey, authorization })) {
            return { code: 'signature_invalid', message: '' };
        }
        if (!this.ledger.accept(voucher)) return { code: 'voucher_invalid', message: '' };
        const limit = completionLimit(decodeBody(content.json)) ?? Number.POSITIVE_INFINITY;
        const usage = { prompt: promptTokens, cached: 0, completion: 0 };
        const served: Served = { usage, end: Math.min(chunkTokens, limit), prices };
        this.ledger.begin(served);
        if (this.ledger.paid < this.ledger.needed) {
            const { needed } = this.ledger;
            this.ledger.drop(served);
            return { code: 'payment_required', message: '', needed };
        }
        this.highest = envelope.header.sequence;
        this.served.push(content);
        void this.answer(envelope, content, served, limit, recording);
        return undefined;
    }

    private async answer(
        envelope: OpenedEnvelope,
        content: RequestContent,
        served: Served,
        limit: number,
        recording: Recording,
    ): Promise<void> {
        const { primitives, chunkTokens, now } = this.options;
        const sealer = new FrameSealer(primitives, envelope.responseKey);
        const hash = new ResponseHash(primitives, content.salt);
        const issuedAt = now();
        const receipt = (chunk: number) =>
            this.receipt(envelope, content, { chunk, issuedAt, hash: hash.digest(), served });
        let chunk = 1;
        for (const [index, { delta, tokens }] of this.script.entries()) {
            if (this.lies.failAfter === index) {
                this.ledger.end(served);
                recording.add(sealer.seal('failure', encodeFailure({ code: 'engine_failed', message: 'x' })));
                return recording.end();
            }
            if (served.usage.completion + tokens > served.end) {
                recording.add(sealer.seal('receipt', receipt(chunk)));
                served.end = Math.min(++chunk * chunkTokens, limit);
                if (!(await this.ledger.untilPaid(served))) return recording.end();
            }
            const payload = encodeDelta(delta);
            hash.add(payload);
            served.usage = { ...served.usage, completion: served.usage.completion + tokens };
            recording.add(sealer.seal('delta', payload));
        }
        const json = encodeFinalInfo({ finish: 'stop', seed: 7, cached: this.lies.finalCached ?? 0 });
        hash.add(json);
        this.ledger.end(served);
        recording.add(sealer.seal('final', receipt(chunk), json));
        recording.end();
    }

    private receipt(
        envelope: OpenedEnvelope,
        content: RequestContent,
        {
            chunk,
            issuedAt,
            hash,
            served,
        }: { chunk: number; issuedAt: number; hash: Uint8Array; served: Served },
    ): Uint8Array {
        const { primitives, allocation, operatorSecretKey } = this.options;
        const body: ReceiptBody = {
            chunk,
            issuedAt,
            requestHash: hashRequest(primitives, content.salt, content.task, content.json),
            responseHash: hash,
            usage: served.usage,
            price: priceOf(served.usage, served.prices),
            seed: 7n,
        };
        const place = { ...allocation, sequence: envelope.header.sequence, modelId: content.modelId };
        const said = this.lies.receipt?.(body) ?? body;
        const bytes = encodeReceipt(signReceipt(primitives, operatorSecretKey, place, said));
        return this.lies.signed?.(bytes) ?? bytes;
    }
}

function refusal(value: Refusal): MemoryResponse {
    const { status, body } = encodeRefusal(value);
    const headers = { 'retry-after': String(value.retryAfterSeconds ?? 1) };
    return { status, headers, body: [body] };
}
