import { AbortedError } from '../../errors';
import type { Clock } from '../../utils';
import type { Channel } from '../channel/channel';
import { SessionFailedError, SessionViolationError } from '../errors';
import type { SessionDelta } from '../wire/delta';
import { type AnswerFrame, type Frame, parseAnswerFrame } from '../wire/frame';
import { encodeReceipt, type Receipt } from '../wire/receipt';
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
};

/** Reads, checks and pays one answer. */
export class StreamedAnswer implements SessionAnswer {
    private readonly result = new Deferred<SessionResult>();
    private first: readonly Frame[] = [];
    private ended = false;

    constructor(private readonly parts: AnswerParts) {}

    get sequence(): bigint {
        return this.parts.asked.sequence;
    }

    get receipt(): Receipt | undefined {
        return this.parts.checker.last;
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
        await this.verify(receipt, (now) => this.parts.checker.checkFinal(receipt, json, info, now));
        this.settle();
        const { usage, price } = receipt;
        this.result.resolve({ receipt, finish: info.finish, seed: info.seed, usage, price });
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
