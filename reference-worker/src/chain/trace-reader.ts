import type { Address } from '@ton/core';
import {
    type ChainReader,
    hexToBytes,
    type Trace,
    type TraceNode,
    TraceTimeoutError,
    waitTrace,
} from 'cocoon-sdk';
import type { OutboxAction, Purpose } from '../journal';

export interface TraceReaderOptions {
    reader: ChainReader;
    wallet: Address;
    intervalMs: number;
    signal: AbortSignal;
}

/** Waits for whole traces of the wallet's messages; callers of one message share one wait. */
export class TraceReader {
    readonly #options: TraceReaderOptions;
    readonly #reading = new Map<string, Promise<Trace>>();

    constructor(options: TraceReaderOptions) {
        this.#options = options;
    }

    /** Throws AbortedError, and RpcError for what retrying cannot mend. */
    read(message: { hash: string; afterLt?: bigint }): Promise<Trace> {
        let reading = this.#reading.get(message.hash);
        if (!reading) {
            reading = this.#wait(message).finally(() => this.#reading.delete(message.hash));
            this.#reading.set(message.hash, reading);
        }
        return reading;
    }

    async #wait({ hash, afterLt }: { hash: string; afterLt?: bigint }): Promise<Trace> {
        const { reader, wallet, intervalMs, signal } = this.#options;
        const root = {
            kind: 'external',
            wallet,
            messageHash: hexToBytes(hash),
            afterLt: afterLt ?? 0n,
        } as const;
        try {
            return await waitTrace({ reader, root, intervalMs, signal });
        } catch (error) {
            // The wallet has executed it: sooner or later there is an end to what follows.
            if (error instanceof TraceTimeoutError) return this.#wait({ hash, afterLt });
            throw error;
        }
    }
}

/**
 * Claims, declines and seats go to the node and name job or dispute, vouchers name a slot of the vault: their bodies alone
 * tell them from others. Everything else goes to the job or dispute itself.
 */
const BY_BODY: ReadonlySet<Purpose> = new Set(['claim', 'decline', 'profile', 'redeem', 'release', 'seat']);

/** The transaction that executed the wallet's message for an action. */
export function findAction(trace: Trace, { job, purpose, bodyHash }: OutboxAction): TraceNode | undefined {
    return trace.root.children.find(
        ({ address, tx }) =>
            tx.inMessage?.body.hash().toString('hex') === bodyHash &&
            (BY_BODY.has(purpose) || address.toRawString() === job),
    );
}
