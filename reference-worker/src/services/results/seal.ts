import { createHash } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Cell } from '@ton/core';
import {
    decodeResult,
    encodePayload,
    hashToInteger,
    inlinePayload,
    integerToHash,
    MAX_INLINE_BYTES,
    sealResult,
} from 'cocoon-sdk';
import { jobBodies } from 'cocoon-wrappers';
import type { AnnouncedJob } from '../../chain';
import type { WorkerConfig } from '../../config';
import type { JobRecord, JobResult } from '../../journal';
import { ProgressVault, RESULT_KEY } from '../execution/vault';
import type { Runtime } from '../runtime';

/** Seals results to the client and builds the one message that submits them. Nothing random is drawn after this. */
export async function sealJobResult(
    { chain, context }: Runtime,
    record: JobRecord,
    job: AnnouncedJob,
    results: readonly Uint8Array[],
): Promise<JobResult> {
    const claim = record.claimNumber!;
    const sealed = await sealResult({
        networkId: chain.networkId,
        job: job.address,
        items: results,
        maxItemBytes: job.served.terms.jobParams.maxItemBytes,
        clientPublicKey: integerToHash(job.announcement.spec.resultKey),
        claim,
    });
    const result =
        sealed.batch.length <= MAX_INLINE_BYTES
            ? inlinePayload(sealed)
            : await publish(sealed.batch, context.config.results, context.directory);
    const usage = totalUsage(results);
    const body = jobBodies.submitResult({
        claim,
        resultTop: hashToInteger(sealed.commitment.top),
        ...usage,
        result,
        sealedKey: sealed.sealedKey,
    });
    const vault = new ProgressVault(context.secrets.encryptionSecret, record.job, claim);
    return {
        claimNumber: claim,
        sealed: body.toBoc(),
        top: Buffer.from(sealed.commitment.top),
        usage,
        contentKey: vault.seal(RESULT_KEY, sealed.contentKey),
    };
}

/** Writes a sealed batch to the published directory, named by its content, and returns the payload that refers to it. */
async function publish(
    batch: Uint8Array,
    { publish: target }: WorkerConfig['results'],
    directory: string,
): Promise<Cell> {
    if (!target) throw new Error('a result is larger than a message and results.publish is not configured');
    const sha256 = createHash('sha256').update(batch).digest();
    const name = `${sha256.toString('hex')}.bin`;
    const file = join(resolve(directory, target.directory), name);
    const handle = await open(`${file}.partial`, 'w', 0o644);
    try {
        await handle.writeFile(batch);
        await handle.sync();
    } finally {
        await handle.close();
    }
    await rename(`${file}.partial`, file);
    const url = new URL(name, target.baseUrl.endsWith('/') ? target.baseUrl : `${target.baseUrl}/`).href;
    return encodePayload({ kind: 'uri', sha256: new Uint8Array(sha256), size: batch.length, url });
}

function totalUsage(results: readonly Uint8Array[]): { promptTokens: number; completionTokens: number } {
    const total = { promptTokens: 0, completionTokens: 0 };
    for (const bytes of results) {
        const { usage } = decodeResult(bytes);
        total.promptTokens += usage.promptTokens;
        total.completionTokens += usage.completionTokens;
    }
    return total;
}
