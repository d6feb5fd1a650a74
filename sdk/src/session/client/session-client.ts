import { type Clock, type RandomBytes, secureRandomBytes, systemClock } from '../../utils';
import type { Channel } from '../channel/channel';
import type { Link } from '../channel/link';
import { sealEnvelope } from '../crypto/sealed-envelope';
import { SessionRefusedError } from '../errors';
import type { Transport } from '../transport';
import type { AllocationStatus, ControlKind } from '../wire/control';
import type { EnvelopeHeader } from '../wire/envelope';
import { decodeNodeInfo, type SessionNodeInfo } from '../wire/node-info';
import { StreamedAnswer } from './answer';
import { type AnswerEvidenceStore, AnswerRecorder } from './answer-evidence';
import { type Asked, ask } from './ask';
import { callControl } from './control-call';
import { FrameSource } from './frame-source';
import { DEFAULT_PATIENCE, type SessionPatience } from './limits';
import { Links } from './links';
import { Payments } from './payments';
import { type PreparedRequest, prepareRequest } from './prepare';
import { readBody, readRefusal } from './read-body';
import { ReceiptChecker } from './receipt-checker';
import type { EvidenceStore, SessionAnswer, SessionRequest } from './types';

export type SessionClientOptions = {
    readonly transport: Transport;
    readonly evidence?: EvidenceStore;
    /** Keeps the evidence of every answer, in plain text; none is kept without it. */
    readonly answers?: AnswerEvidenceStore;
    /** Hears what a node said of a channel that an earlier incarnation had used. */
    readonly onRecovered?: (channel: Channel, status: AllocationStatus) => void;
    readonly patience?: Partial<SessionPatience>;
    readonly clock?: Clock;
    readonly randomBytes?: RandomBytes;
};

/** Talks to nodes over channels: asks, checks what comes, pays as it comes. */
export class SessionClient {
    private readonly transport: Transport;
    private readonly clock: Clock;
    private readonly random: RandomBytes;
    private readonly patience: SessionPatience;
    private readonly links: Links;
    private readonly recoveries = new WeakMap<Channel, Promise<void>>();

    constructor(private readonly options: SessionClientOptions) {
        this.transport = options.transport;
        this.clock = options.clock ?? systemClock;
        this.random = options.randomBytes ?? secureRandomBytes;
        this.patience = { ...DEFAULT_PATIENCE, ...options.patience };
        this.links = new Links(this.clock, (endpoint) => this.nodeInfo(endpoint));
    }

    /** What a node says about itself; a hint, but for its session key. Throws SessionUnreachableError or SessionFormatError. */
    async nodeInfo(endpoint: string, signal?: AbortSignal): Promise<SessionNodeInfo> {
        const url = `${endpoint.replace(/\/+$/, '')}/cocoon/v1/node`;
        const response = await this.transport.get(url, { signal });
        if (response.status !== 200) throw await readRefusal(response);
        return decodeNodeInfo(await readBody(response));
    }

    /**
     * Asks the node of a channel. Resolves when its first frame is there: until then nothing was delivered, and another node
     * can be asked. Throws SessionRefusedError, SessionUnreachableError, SessionTimeoutError, SessionFailedError,
     * SessionFormatError, SessionDecryptionError, AllocationSpentError, SessionStoreError or AbortedError; iterating
     * throws SessionViolationError and SessionTruncatedError too.
     */
    async request(channel: Channel, request: SessionRequest): Promise<SessionAnswer> {
        if (channel.needsRecovery) await this.recover(channel, request.signal);
        const prepared = prepareRequest(channel, request, this.random(32));
        channel.ledger.begin(prepared.running);
        const sentAt = Math.floor(this.clock.now() / 1_000);
        const asked = await this.ask(channel, prepared);
        const answer = this.answer(channel, prepared, asked, sentAt);
        await answer.start();
        return answer;
    }

    /** What the node has of a channel: its highest voucher and what it counts as owed. */
    state(channel: Channel, signal?: AbortSignal): Promise<AllocationStatus> {
        return this.control(channel, 'state', signal);
    }

    /** Asks the node to end the allocation: it redeems and releases it on chain. Ask nothing more over the channel. */
    release(channel: Channel, signal?: AbortSignal): Promise<AllocationStatus> {
        return this.control(channel, 'release', signal);
    }

    /**
     * Brings a channel that was used by an earlier incarnation up to date; `request` does it by itself.
     * Throws SessionViolationError where the node shows a voucher that our key did not sign.
     */
    recover(channel: Channel, signal?: AbortSignal): Promise<void> {
        let recovery = this.recoveries.get(channel);
        if (recovery === undefined) {
            recovery = this.state(channel, signal)
                .then((status) => {
                    channel.restore(status);
                    this.options.onRecovered?.(channel, status);
                })
                .finally(() => this.recoveries.delete(channel));
            this.recoveries.set(channel, recovery);
        }
        return recovery;
    }

    private async ask(channel: Channel, prepared: PreparedRequest): Promise<Asked> {
        const { signal } = prepared.request;
        const { primitives } = channel;
        const source = (link: Link, header: EnvelopeHeader, content: Uint8Array) =>
            new FrameSource({
                transport: this.transport,
                primitives,
                clock: this.clock,
                patience: this.patience,
                url: `${channel.endpoint}/cocoon/v1/requests`,
                sealed: sealEnvelope(primitives, link.secret, header, content),
                signal,
            });
        const link = (replaces?: Link) => this.links.get(channel, replaces);
        return ask({ channel, link, source }, prepared);
    }

    private async control(
        channel: Channel,
        kind: ControlKind,
        signal?: AbortSignal,
    ): Promise<AllocationStatus> {
        const { transport, clock, patience, random: randomBytes } = this;
        const call = { channel, kind, transport, clock, patience, randomBytes, signal };
        const link = await this.links.get(channel);
        try {
            return await callControl({ ...call, link });
        } catch (error) {
            if (!(error instanceof SessionRefusedError) || error.next !== 'key') throw error;
            return callControl({ ...call, link: await this.links.get(channel, link) });
        }
    }

    private answer(
        channel: Channel,
        prepared: PreparedRequest,
        asked: Asked,
        sentAt: number,
    ): StreamedAnswer {
        const { operatorKey, allocation, primitives } = channel;
        const { request, running, requestHash, salt } = prepared;
        const { link, sequence, source } = asked;
        const place = { ...allocation, sequence, modelId: request.modelId };
        const { prices, promptBound, limit } = running;
        const checker = new ReceiptChecker(primitives, {
            operatorKey,
            place,
            requestHash,
            salt,
            prices,
            promptBound,
            limit,
            sentAt,
        });
        const payments = new Payments({
            channel,
            link,
            sequence,
            transport: this.transport,
            clock: this.clock,
            patience: this.patience,
            signal: request.signal,
            onFailure: (error) => source.fail(error),
        });
        const { clock } = this;
        const { evidence, answers } = this.options;
        const recorder =
            answers !== undefined || request.keepEvidence === true
                ? new AnswerRecorder({
                      request: { ...allocation, sequence },
                      modelId: request.modelId,
                      task: request.task,
                      salt,
                      json: prepared.json,
                  })
                : undefined;
        const kept = { evidence, recorder, answers };
        return new StreamedAnswer({ channel, asked, prepared, checker, payments, clock, ...kept });
    }
}
