import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

export interface ResponseHead {
    status: number;
    headers: IncomingHttpHeaders;
}

/**
 * One request and the bytes of its answer. What arrives in one read of the socket is handed over at once; while nobody
 * asks for more, no further read is made. Straight on undici's dispatcher, because its stream objects cost more than
 * the parsing of a short answer.
 */
export class Exchange implements Dispatcher.DispatchHandler {
    #controller: Dispatcher.DispatchController | undefined;
    #head: ResponseHead | undefined;
    #chunks: Buffer[] = [];
    #ended = false;
    #error: Error | undefined;
    #cancelled = false;
    #discarding = false;
    #wake: (() => void) | undefined;

    /** The caller gave it up, whatever it had brought. */
    get cancelled(): boolean {
        return this.#cancelled;
    }

    /** Throws undici's errors, also those below. */
    async head(): Promise<ResponseHead> {
        while (!this.#head) {
            if (this.#error) throw this.#error;
            await this.#more();
        }
        return this.#head;
    }

    /** The bytes that have come since the last call, at least some; undefined at the end of the answer. */
    async read(): Promise<Buffer[] | undefined> {
        while (this.#chunks.length === 0) {
            if (this.#error) throw this.#error;
            if (this.#ended) return undefined;
            this.#controller?.resume();
            // Resuming may have brought something at once.
            if (this.#chunks.length === 0 && !this.#ended && !this.#error) await this.#more();
        }
        const chunks = this.#chunks;
        this.#chunks = [];
        return chunks;
    }

    /** The whole rest of the answer, cut off after `limit` bytes. */
    async text(limit: number): Promise<string> {
        const parts: Buffer[] = [];
        let length = 0;
        for (let chunks = await this.read(); chunks && length < limit; chunks = await this.read()) {
            for (const chunk of chunks) length += chunk.length;
            parts.push(...chunks);
        }
        this.discard();
        return Buffer.concat(parts).toString('utf8', 0, limit);
    }

    /** What still comes is not wanted, but the connection is. */
    discard(): void {
        this.#discarding = true;
        this.#chunks = [];
        this.#controller?.resume();
    }

    /** Gives the request up and closes its connection. */
    cancel(): void {
        if (this.#ended || this.#error) return;
        this.#cancelled = true;
        this.#fail(new Error('cancelled'));
        this.#controller?.abort(this.#error!);
    }

    onRequestStart(controller: Dispatcher.DispatchController): void {
        this.#controller = controller;
        if (this.#error) controller.abort(this.#error);
    }

    onResponseStart(
        _controller: Dispatcher.DispatchController,
        status: number,
        headers: IncomingHttpHeaders,
    ): void {
        if (status < 200) return;
        this.#head = { status, headers };
        this.#notify();
    }

    onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
        if (this.#discarding) return;
        const first = this.#chunks.push(chunk) === 1;
        if (this.#wake) this.#notify();
        // The parser hands over all of one read before any microtask runs.
        else if (first) queueMicrotask(this.#pauseUnread);
    }

    onResponseEnd(): void {
        this.#ended = true;
        this.#notify();
    }

    onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
        this.#fail(error);
    }

    #pauseUnread = (): void => {
        if (this.#chunks.length > 0 && !this.#wake) this.#controller?.pause();
    };

    #fail(error: Error): void {
        this.#error ??= error;
        this.#notify();
    }

    #more(): Promise<void> {
        return new Promise((resolve) => {
            this.#wake = resolve;
        });
    }

    #notify(): void {
        const wake = this.#wake;
        this.#wake = undefined;
        wake?.();
    }
}
