import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { DatabaseError } from './errors';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals what the database and the disk keep of secrets and of users' words: AES-256-GCM under a key derived from the master
 * key for each purpose, bound to the row that it belongs to. nonce 12 ‖ ciphertext ‖ tag 16.
 */
export class Sealer {
    readonly #master: Buffer;
    readonly #keys = new Map<string, Buffer>();

    /** @param masterKey 32 bytes. */
    constructor(masterKey: Uint8Array) {
        this.#master = Buffer.from(masterKey);
    }

    seal(purpose: string, row: string, plaintext: Uint8Array | string): Buffer {
        const nonce = randomBytes(NONCE_BYTES);
        const cipher = createCipheriv('aes-256-gcm', this.#key(purpose), nonce).setAAD(Buffer.from(row));
        const body =
            typeof plaintext === 'string' ? cipher.update(plaintext, 'utf8') : cipher.update(plaintext);
        return Buffer.concat([nonce, body, cipher.final(), cipher.getAuthTag()]);
    }

    /** Throws DatabaseError `master_key_wrong` when the row was sealed with another master key, or altered. */
    open(purpose: string, row: string, sealed: Uint8Array): Buffer {
        const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
        try {
            const tag = bytes.subarray(bytes.length - TAG_BYTES);
            const decipher = createDecipheriv(
                'aes-256-gcm',
                this.#key(purpose),
                bytes.subarray(0, NONCE_BYTES),
            )
                .setAAD(Buffer.from(row))
                .setAuthTag(tag);
            const body = bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES);
            return Buffer.concat([decipher.update(body), decipher.final()]);
        } catch {
            throw new DatabaseError(
                'master_key_wrong',
                `a ${purpose} in the database cannot be opened with this master key`,
                'give all gateways on one database the masterKey that it was begun with',
            );
        }
    }

    #key(purpose: string): Buffer {
        let key = this.#keys.get(purpose);
        if (key === undefined) {
            key = Buffer.from(hkdfSync('sha256', this.#master, '', `cocoon gateway ${purpose}`, 32));
            this.#keys.set(purpose, key);
        }
        return key;
    }
}
