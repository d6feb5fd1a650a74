import type { ChatRequest, ChatResult } from 'cocoon-sdk';

/** What a batch orders of one job. Amounts in nanoTON. */
export interface BatchOrder {
    readonly modelId: bigint;
    readonly items: readonly ChatRequest[];
    readonly maxPrice: bigint;
    /** Publishes a sealed batch that is too large for a message and resolves with its URL. */
    readonly publish?: (batch: Uint8Array) => Promise<string>;
}

/** A job whose secrets are durable: it can be posted now, and again, with one effect. */
export interface PreparedBatchJob {
    /** Raw address. */
    readonly address: string;
    /** The messages that post it; text for `post`, opaque to everybody else. */
    readonly messages: string;
}

export interface FinishedJob {
    readonly answers: readonly ChatResult[];
    /** nanoTON, protocol fee included. */
    readonly price: bigint;
    /** Index of the node. */
    readonly node: string;
}

/** Jobs as batches need them. Everything may be called again after a crash. */
export interface BatchJobs {
    /** Seals a job; its secrets are durable when this resolves. Nothing is sent. */
    prepare(order: BatchOrder): Promise<PreparedBatchJob>;
    /** Posts it unless it is on the chain already. */
    post(job: PreparedBatchJob): Promise<void>;
    /** Serves its key, waits, verifies, pays. Throws CocoonError `job_ended` when nobody did it; its money is back then. */
    finish(address: string, signal: AbortSignal): Promise<FinishedJob>;
    /** Takes it back if nobody claimed it yet. False where it is claimed: then it will be done, and paid for. */
    cancel(address: string): Promise<boolean>;
    /** Forgets its secrets, once its results are kept elsewhere. */
    forget(address: string): Promise<void>;
}
