import type { Address } from '@ton/core';
import type { JobIdentity } from 'cocoon-wrappers';

/**
 * What a client must not lose of a job that it posts. Plain JSON values; byte strings in hex, cells in base64.
 * Whoever has it can read the job's input and result: keep it as safe as both.
 */
export type JobRecord = {
    readonly version: 1;
    readonly networkId: number;
    readonly registry: string;
    readonly termsHash: string;
    readonly client: string;
    /** Decimal. */
    readonly nonce: string;
    /** Unix seconds. */
    readonly openBefore: number;
    /** Terms and spec cells, base64. */
    readonly terms: string;
    readonly spec: string;
    /** Content key of the input, hex. */
    readonly contentKey: string;
    /** Salts of the input's leaves, hex. */
    readonly salts: readonly string[];
    /** X25519 secret key that opens the result, hex. */
    readonly resultSecretKey: string;
};

/**
 * Keeps the secrets of posted jobs by the raw address of the job. `set` resolves when the record is durable: a job
 * is posted only after that, so that a crash never loses the key or the answer.
 */
export interface JobStore {
    get(job: string): Promise<JobRecord | undefined>;
    set(job: string, record: JobRecord): Promise<void>;
    delete(job: string): Promise<void>;
    /** Raw addresses of all jobs in the store. */
    list(): Promise<string[]>;
}

/** Key of a job in its store. */
export function jobKey(job: Address): string {
    return job.toRawString();
}

/** Values of the identity in JSON. */
export function identityFields(identity: JobIdentity) {
    return {
        registry: identity.registry.toRawString(),
        termsHash: identity.termsHash.toString(16).padStart(64, '0'),
        client: identity.client.toRawString(),
        nonce: identity.nonce.toString(),
        openBefore: identity.openBefore,
    };
}
