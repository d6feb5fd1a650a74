import { decodeSealedBatch, ITEM_OVERHEAD_BYTES, resolvePayload, sealedKeyFromCell } from 'cocoon-sdk';
import { type AnnouncedJob, type Chain, findPostJob } from '../../chain';
import { WorkerError } from '../../errors';
import type { JobInput } from '../../journal';
import { publicFetch } from './public-fetch';

/** The input is not one that can be worked on; trying again does not help. */
export class InputError extends WorkerError {
    constructor(code: 'input_missing' | 'input_malformed' | 'key_missing', message: string) {
        super(message, { code, remedy: 'nothing: the job is left alone' });
    }
}

/**
 * Gets a job's ciphertext, as it has to be there before a claim puts stake at risk. Throws InputError, the SDK's payload
 * errors, PayloadFetchError with `retryable`, and RpcError.
 */
export async function fetchInput(
    chain: Chain,
    job: AnnouncedJob,
    options: { allowPrivate: boolean; signal: AbortSignal },
): Promise<JobInput> {
    const { spec, specHash } = job.announcement;
    const { maxItemBytes } = job.served.terms.jobParams;
    const post = await findPostJob(chain.rpc, job.address, job.identity.client, specHash);
    if (!post) throw new InputError('input_missing', 'the message that posted the job was not found');
    const batch = await resolvePayload(post.input, {
        allowPrivate: options.allowPrivate,
        signal: options.signal,
        maxBytes: 5 + spec.items * (4 + maxItemBytes),
        ...(options.allowPrivate ? {} : { fetch: publicFetch }),
    });
    const items = decodeSealedBatch(batch, maxItemBytes);
    if (items.length !== spec.items) {
        throw new InputError('input_malformed', `the input has ${items.length} items, the job ${spec.items}`);
    }
    if (spec.direct === undefined) return { batch: Buffer.from(batch) };
    if (!post.sealedKey) throw new InputError('key_missing', 'a direct job came without its content key');
    sealedKeyFromCell(post.sealedKey);
    return { batch: Buffer.from(batch), sealedKey: post.sealedKey.toBoc() };
}

/** Plaintext bytes of all requests in a sealed batch of `items`. */
export function requestBytes(batch: Uint8Array, items: number): number {
    return Math.max(0, batch.length - 5 - items * (4 + ITEM_OVERHEAD_BYTES));
}
