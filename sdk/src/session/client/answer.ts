import { AbortedError } from '../../errors';
import type { Clock } from '../../utils';
import type { Channel } from '../channel/channel';
import { EvidenceStoreError, SessionFailedError, SessionViolationError } from '../errors';
import type { SessionDelta } from '../wire/delta';
import { type AnswerFrame, type Frame, parseAnswerFrame } from '../wire/frame';
import { encodeReceipt, type Receipt } from '../wire/receipt';
import type { AnswerEvidence, AnswerEvidenceStore, AnswerRecorder } from './answer-evidence';
import type { Asked } from './ask';
import { Deferred } from './deferred';
import type { Payments } from './payments';
import type { PreparedRequest } from './prepare';
import type { ReceiptChecker } from './receipt-checker';
import type { EvidenceStore, SessionAnswer, SessionResult } from './types';

export type AnswerParts = {
    readonly channel: Channel;
    readonly asked: Asked;
    readonly prepared: PreparedRequest;
    readonly checker: ReceiptChecker;
    readonly payments: Payments;
    readonly clock: Clock;
    readonly evidence: EvidenceStore | undefined;
    readonly recorder: AnswerRecorder | undefined;
    readonly answers: AnswerEvidenceStore | undefined;
};

/** Reads, checks and pays one answer. */
export class StreamedAnswer implements SessionAnswer {
    private readonly result = new Deferred<SessionResult>();
    private first: readonly Frame[] = [];
    private ended = false;
    private kept: Promise<void> | undefined;

    constructor(private readonly parts: AnswerParts) {}

    get sequence(): bigint {
        return this.parts.asked.sequence;
    }

    get receipt(): Receipt | undefined {
        return this.parts.checker.last;
    }

    get evidence(): AnswerEvidence | undefined {
        return this.parts.recorder?.evidence;
    }

    get final(): Promise<SessionResult> {
        return this.result.promise;
    }

    /** Waits for the first frames. Throws what the source throws, SessionFailedError where the first is a failure. */
    async start(): Promise<void> {
        try {
            this.first = await this.parts.asked.source.next();
            const [frame] = this.first;
            const parsed = frame?.type === 'failure' && parseAnswerFrame(frame);
            if (parsed && parsed.type === 'failure') await this.take(parsed);
        } catch (error) {
            throw this.end(error);
        }
    }

    async *[Symbol.asyncIterator](): AsyncGenerator<SessionDelta, void, undefined> {
        let error: unknown;
        try {
            for (let frames = this.first; !this.ended; frames = await this.parts.asked.source.next()) {
                for (const frame of frames) {
                    const parsed = parseAnswerFrame(frame);
                    if (parsed.type !== 'delta') await this.take(parsed);
                    else {
                        this.parts.checker.addDelta(parsed.payload, parsed.delta);
                        this.parts.recorder?.add(parsed.payload);
                        yield parsed.delta;
                    }
                }
                if (this.ended) return;
            }
        } catch (cause) {
            error = cause;
            throw cause;
        } finally {
            this.end(error);
            // What broke the answer off says more than a store that failed besides.
            await this.keepAnswer().catch(() => undefined);
        }
    }

    async collect(): Promise<{ deltas: SessionDelta[]; result: SessionResult }> {
        const deltas: SessionDelta[] = [];
        for await (const delta of this) deltas.push(delta);
        return { deltas, result: await this.final };
    }

    cancel(): void {
        if (!this.ended) this.end(new AbortedError('The answer was cancelled.'));
    }

    private async take(frame: Exclude<AnswerFrame, { type: 'delta' }>): Promise<void> {
        switch (frame.type) {
            case 'receipt':
                await this.verify(frame.receipt, (now) => this.parts.checker.check(frame.receipt, now));
                return this.parts.payments.payNext();
            case 'final':
                return this.finish(frame);
            case 'failure':
                this.settle();
                throw new SessionFailedError(frame.failure.code);
        }
    }

    private async finish({ receipt, json, info }: AnswerFrame & { type: 'final' }): Promise<void> {
        this.parts.recorder?.add(json);
        await this.verify(receipt, (now) => this.parts.checker.checkFinal(receipt, json, info, now));
        this.settle();
        await this.keepAnswer();
        const { usage, price } = receipt;
        const { evidence } = this;
        const result = { receipt, finish: info.finish, seed: info.seed, usage, price };
        this.result.resolve(evidence === undefined ? result : { ...result, evidence });
    }

    /** Hands the evidence to the store once. Throws EvidenceStoreError. */
    private keepAnswer(): Promise<void> {
        const { answers } = this.parts;
        const { evidence } = this;
        if (answers === undefined || evidence === undefined) return Promise.resolve();
        this.kept ??= (async () => {
            try {
                await answers.put(evidence);
            } catch (cause) {
                throw new EvidenceStoreError({ cause });
            }
        })();
        return this.kept;
    }

    /** Checks a receipt and counts it; keeps one that is wrong as evidence. */
    private async verify(receipt: Receipt, check: (now: number) => void): Promise<void> {
        const { clock, checker, prepared, channel } = this.parts;
        const previous = checker.last;
        try {
            check(Math.floor(clock.now() / 1_000));
        } catch (error) {
            if (error instanceof SessionViolationError) await this.keep(error, receipt, previous);
            throw error;
        }
        this.parts.recorder?.take(receipt);
        prepared.running.chunks = receipt.chunk;
        prepared.running.usage = receipt.usage;
        channel.learnPrompt(receipt.usage.prompt, prepared.json.length);
    }

    private async keep(
        error: SessionViolationError,
        receipt: Receipt,
        previous: Receipt | undefined,
    ): Promise<void> {
        const { evidence, channel, prepared, clock } = this.parts;
        await evidence?.put({
            channelId: channel.id,
            violation: error.violation,
            sequence: this.sequence,
            request: { ...channel.allocation, sequence: this.sequence },
            modelId: prepared.request.modelId,
            salt: prepared.salt,
            receipt: encodeReceipt(receipt),
            previousReceipt: previous && encodeReceipt(previous),
            time: Math.floor(clock.now() / 1_000),
        });
    }

    private settle(): void {
        this.ended = true;
        this.parts.channel.ledger.settle(this.parts.prepared.running);
    }

    /** Closes everything once, however the answer ended, and gives the error back. */
    private end(error: unknown): unknown {
        const { asked, channel, prepared } = this.parts;
        const reason =
            error ?? (this.ended ? undefined : new AbortedError('The answer was left before its end.'));
        if (!this.ended) asked.source.fail(asError(reason));
        asked.source.close();
        // Does nothing where the answer was settled.
        channel.ledger.abandon(prepared.running, asked.link.chunkTokens);
        this.ended = true;
        // Does nothing where there is a result.
        this.result.reject(reason);
        return reason;
    }
}

function asError(error: unknown): Error {
    return error instanceof Error ? error : new AbortedError();
}
