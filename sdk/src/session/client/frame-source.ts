import { AbortedError, isCocoonError } from '../../errors';
import { type Clock, follow } from '../../utils';
import type { SessionPrimitives } from '../crypto/primitives';
import type { SealedEnvelope } from '../crypto/sealed-envelope';
import { SessionTimeoutError, SessionTruncatedError, SessionUnreachableError } from '../errors';
import type { Transport } from '../transport';
import type { Frame } from '../wire/frame';
import { FrameDecoder } from '../wire/frame-decoder';
import { isBroken } from './broken';
import { RESEND_PAUSE_MS, type SessionPatience } from './limits';
import { readRefusal } from './read-body';
import { Watchdog } from './watchdog';

export type FrameSourceOptions = {
    readonly transport: Transport;
    readonly primitives: SessionPrimitives;
    readonly clock: Clock;
    readonly patience: SessionPatience;
    readonly url: string;
    readonly sealed: SealedEnvelope;
    readonly signal?: AbortSignal;
    /** Status of an answer that is no refusal; 200 by default. */
    readonly status?: number;
};

/**
 * Frames of one answer, over as many connections as it takes: after a break the same bytes are sent again, the node
 * answers with the same frames from its journal, and those that were read already are passed over.
 */
export class FrameSource {
    private readonly controller = new AbortController();
    private readonly watchdog: Watchdog;
    private readonly unfollow: () => void;
    private decoder: FrameDecoder;
    private body: AsyncIterator<Uint8Array> | undefined;
    private seen = 0;
    private resends = 0;
    private reason: Error | undefined;

    constructor(private readonly options: FrameSourceOptions) {
        const { clock, patience, primitives, sealed, signal } = options;
        this.decoder = new FrameDecoder(primitives, sealed.responseKey);
        this.watchdog = new Watchdog(clock, patience.silenceMs, () =>
            this.fail(new SessionTimeoutError(`The node sent nothing for ${patience.silenceMs} ms.`)),
        );
        this.unfollow = signal ? follow(signal, () => this.fail(new AbortedError())) : () => {};
    }

    /**
     * Sends the envelope. Throws SessionRefusedError, SessionUnreachableError, SessionTimeoutError, AbortedError or
     * SessionFormatError.
     */
    async open(): Promise<void> {
        await this.guarded(() => this.connect());
    }

    /**
     * The next frames, at least one. Throws SessionTruncatedError, SessionDecryptionError or SessionFormatError too.
     * Not to be called after the last frame.
     */
    next(): Promise<readonly Frame[]> {
        return this.guarded(() => this.read());
    }

    /** Ends the answer with an error that the next read throws. */
    fail(reason: Error): void {
        this.reason ??= reason;
        this.controller.abort(reason);
    }

    /** Gives the connection back where the answer is complete, else closes it. */
    close(): void {
        this.watchdog.stop();
        this.unfollow();
        if (this.decoder.complete) void this.finish();
        else this.controller.abort(new AbortedError('The answer was left.'));
    }

    private async read(): Promise<readonly Frame[]> {
        if (this.body === undefined) await this.connect();
        for (;;) {
            const step = await this.body!.next();
            if (step.done) this.decoder.end();
            else {
                const frames = this.decoder.push(step.value);
                this.seen = Math.max(this.seen, this.decoder.next);
                if (frames.length > 0) return frames;
            }
        }
    }

    private async connect(): Promise<void> {
        const { transport, url, sealed, primitives, status } = this.options;
        const response = await transport.post(url, sealed.bytes, { signal: this.controller.signal });
        if (response.status !== (status ?? 200)) throw await readRefusal(response);
        this.decoder = new FrameDecoder(primitives, sealed.responseKey, this.seen);
        this.body = response.body[Symbol.asyncIterator]();
    }

    /** Runs `act` again after broken connections, and throws the reason where the answer was ended from outside. */
    private async guarded<T>(act: () => Promise<T>): Promise<T> {
        for (;;) {
            if (this.reason !== undefined) throw this.reason;
            this.watchdog.arm();
            try {
                return await act();
            } catch (error) {
                if (this.reason !== undefined) throw this.reason;
                if (!isBroken(error)) throw this.seen > 0 ? interrupted(error) : error;
                this.body = undefined;
                if (this.resends >= this.options.patience.resends) throw this.brokenForGood(error);
            } finally {
                this.watchdog.disarm();
            }
            // An abort is thrown at the top of the loop, with its reason.
            await this.options.clock
                .sleep(RESEND_PAUSE_MS * 2 ** this.resends++, this.controller.signal)
                .catch(() => undefined);
        }
    }

    private brokenForGood(cause: unknown): Error {
        if (this.seen > 0) {
            return new SessionTruncatedError(`The answer broke off after ${this.seen} frames.`, { cause });
        }
        return new SessionUnreachableError('The connection to the node broke before the first frame.', {
            cause,
        });
    }

    /** Reads the end of the body, so that the connection can be used again. */
    private async finish(): Promise<void> {
        try {
            const step = await this.body?.next();
            if (step?.done === false) this.controller.abort();
        } catch {
            // The answer is complete; what becomes of the connection is no concern of the caller.
        }
    }
}

/** A refusal to send the rest again says less than that the answer broke off. */
function interrupted(error: unknown): unknown {
    if (!isCocoonError(error) || !('refusal' in error) || !('status' in error)) return error;
    return new SessionTruncatedError('The answer broke off, and the node does not send it again.', {
        cause: error,
    });
}
