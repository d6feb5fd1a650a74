import type { OutgoingMessage, TraceNode, WalletSender } from 'cocoon-sdk';
import { WorkerError } from '../errors';
import { ExitCode } from '../exit-codes';
import type { Journal, OutboxAction, Purpose } from '../journal';
import type { Logger, Metrics } from '../observability';
import type { OutboxPendingStore } from './pending-store';
import { findAction, type TraceReader } from './trace-reader';

/** One message for the operator wallet to send about a job. */
export interface Order {
    /** Raw address of the job. */
    job: string;
    purpose: Purpose;
    message: OutgoingMessage;
    /** Changes of the journal that become durable together with the signed message. */
    record?: () => void;
}

/** The message never left, and never will: trying again is safe. */
export class NotSentError extends WorkerError {
    constructor(cause: unknown) {
        super('the message was not sent', {
            code: (cause as { code?: string } | null)?.code ?? 'not_sent',
            remedy: (cause as { remedy?: string } | null)?.remedy ?? 'it is tried again by itself',
            exitCode: ExitCode.Network,
            cause,
        });
    }
}

interface Waiting extends Order {
    bodyHash: string;
    resolve: (node: TraceNode) => void;
    reject: (error: unknown) => void;
}

export interface OutgoingOptions {
    journal: Journal;
    store: OutboxPendingStore;
    sender: WalletSender;
    traces: TraceReader;
    logger: Logger;
    metrics: Metrics;
    /** Most messages in one external message. */
    maxMessages: number;
    /** Fires when nothing may be awaited any longer. */
    signal: AbortSignal;
}

/** An external message may have 64 KB; the rest is the wallet's own. */
const MAX_BYTES = 48_000;

/** What is due within a window comes first, and of that what costs most when it is late. Claims can wait. */
const PRIORITY: Record<Purpose, number> = {
    reveal: 0,
    answer: 1,
    submit: 2,
    decline: 3,
    seat: 4,
    redeem: 5,
    release: 6,
    expire: 7,
    finalize: 8,
    resolve: 9,
    profile: 10,
    claim: 11,
};

/** Sends for all services over one wallet: many orders in one external message, each message durable before it leaves. */
export class Outgoing {
    readonly #options: OutgoingOptions;
    readonly #wallet: string;
    #queue: Waiting[] = [];
    #pump: Promise<void> | undefined;

    constructor(options: OutgoingOptions) {
        this.#options = options;
        this.#wallet = options.sender.address.toRawString();
    }

    /**
     * Resolves with the transaction that executed the message, and all that followed from it. Throws NotSentError, or an
     * SDK error when the outcome is not known yet: `resume` goes on then.
     */
    send(order: Order): Promise<TraceNode> {
        const bodyHash = order.message.body?.hash().toString('hex') ?? '';
        return new Promise((resolve, reject) => {
            this.#queue.push({ ...order, bodyHash, resolve, reject });
            this.#pump ??= this.#run();
        });
    }

    /** What became of the last message of an earlier run. Throws as `send` does. */
    async resume(job: string, purpose: Purpose): Promise<TraceNode> {
        const message = this.#options.journal.outbox.latest(job, purpose);
        if (message?.state !== 'confirmed') throw new NotSentError(undefined);
        const action = message.actions.find((one) => one.job === job && one.purpose === purpose)!;
        return this.#find(message, action);
    }

    /** Whether a message for this purpose was sent and executed, or may still be. */
    wasSent(job: string, purpose: Purpose): boolean {
        const state = this.#options.journal.outbox.latest(job, purpose)?.state;
        return state !== undefined && state !== 'expired';
    }

    /** Brings what an earlier run left on its way to its end. Before anything else is sent. */
    async recover(): Promise<void> {
        const { journal, store, sender } = this.#options;
        if (!journal.outbox.live(this.#wallet)) return;
        const sent = await sender.recover();
        store.finish(this.#wallet, sent !== null);
    }

    /** Resolves once nothing waits to be sent. */
    async idle(): Promise<void> {
        await this.#pump;
    }

    async #run(): Promise<void> {
        // Orders that come in the same turn of the event loop share a message.
        await new Promise((resolve) => setImmediate(resolve));
        while (this.#queue.length > 0) {
            const batch = this.#take();
            try {
                await this.#sendBatch(batch);
            } catch (error) {
                for (const { reject } of batch) reject(error);
            }
        }
        this.#pump = undefined;
    }

    #take(): Waiting[] {
        this.#queue.sort((a, b) => PRIORITY[a.purpose] - PRIORITY[b.purpose]);
        let bytes = 0;
        let count = 0;
        for (const { message } of this.#queue) {
            bytes += message.body?.toBoc().length ?? 0;
            if (count > 0 && (bytes > MAX_BYTES || count >= this.#options.maxMessages)) break;
            count += 1;
        }
        return this.#queue.splice(0, count);
    }

    async #sendBatch(batch: Waiting[]): Promise<void> {
        const { store, sender, logger, metrics } = this.#options;
        const actions = batch.map(({ job, purpose, bodyHash }): OutboxAction => ({ job, purpose, bodyHash }));
        const count = (result: string) => {
            for (const { purpose } of batch) metrics.messages.inc({ purpose, result });
        };
        store.prepare(actions, () => {
            for (const { record } of batch) record?.();
        });
        let failure: unknown;
        try {
            await sender.sendMessages(batch.map(({ message }) => message));
            count('sent');
        } catch (error) {
            failure = error;
        }
        if (failure !== undefined && store.isProven(this.#wallet)) {
            store.finish(this.#wallet, false);
            count('expired');
            if (batch.length > 1) return this.#apart(batch);
            logger.warn({ purpose: batch[0]!.purpose, err: failure }, 'a message was not sent');
            batch[0]!.reject(new NotSentError(failure));
            return;
        }
        // Signed and perhaps on its way: no other message is signed before the chain has told.
        if (failure !== undefined && !(await this.#untilKnown(failure))) {
            store.finish(this.#wallet, false);
            count('expired');
            for (const { reject } of batch) reject(new NotSentError(failure));
            return;
        }
        count('confirmed');
        const message = store.finish(this.#wallet, true)!;
        for (const one of batch) this.#find(message, one).then(one.resolve, one.reject);
    }

    /** One order that cannot be sent must not hold up the others. */
    async #apart(batch: Waiting[]): Promise<void> {
        for (const one of batch) await this.#sendBatch([one]);
    }

    async #untilKnown(cause: unknown): Promise<boolean> {
        const { logger, sender, signal } = this.#options;
        logger.warn({ err: cause }, 'the outcome of a message is open; asking until it is known');
        for (;;) {
            try {
                return (await sender.recover()) !== null;
            } catch (error) {
                if (signal.aborted) throw error;
                logger.warn({ err: error }, 'the outcome of a message is still open');
                await new Promise((resolve) => setTimeout(resolve, 2000));
            }
        }
    }

    async #find(message: { hash: string; afterLt?: bigint }, action: OutboxAction): Promise<TraceNode> {
        const trace = await this.#options.traces.read(message);
        const node = findAction(trace, action);
        if (node) return node;
        // Wallets leave out what they cannot pay for.
        throw new NotSentError({
            code: 'wallet_unfunded',
            remedy: 'send TON to the operator wallet',
        });
    }
}
