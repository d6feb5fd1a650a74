import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Place of the result's content key, beside those of the items. */
export const RESULT_KEY = -1;

/**
 * Seals the results of single items, and the key of them all, for the journal, so that no answer lies on disk in clear: AES-256-GCM under a key
 * that only the node's encryption secret gives. Random nonces: a job has at most some thousand items.
 */
export class ProgressVault {
    readonly #key: Buffer;
    readonly #job: string;

    constructor(encryptionSecret: Uint8Array, job: string, claim: number) {
        this.#job = job;
        const info = `cocoon-worker/v1/progress ${job} ${claim}`;
        this.#key = Buffer.from(hkdfSync('sha256', encryptionSecret, Buffer.alloc(0), info, 32));
    }

    seal(item: number, data: Uint8Array): Buffer {
        const nonce = randomBytes(NONCE_BYTES);
        const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
        cipher.setAAD(this.#aad(item));
        return Buffer.concat([nonce, cipher.update(data), cipher.final(), cipher.getAuthTag()]);
    }

    /** Undefined for what was not sealed here: the item is computed again. */
    open(item: number, sealed: Buffer): Buffer | undefined {
        try {
            const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, NONCE_BYTES));
            decipher.setAAD(this.#aad(item));
            decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
            const data = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
            return Buffer.concat([data, decipher.final()]);
        } catch {
            return undefined;
        }
    }

    #aad(item: number): Buffer {
        return Buffer.from(`${this.#job} ${item}`);
    }
}
