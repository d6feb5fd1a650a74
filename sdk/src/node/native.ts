import {
    createCipheriv,
    createDecipheriv,
    createHash,
    createHmac,
    createPrivateKey,
    createPublicKey,
    type KeyObject,
    sign,
    verify,
} from 'node:crypto';
import type { SessionPrimitives } from 'cocoon-sdk';
import { KeyCache } from './key-cache';

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const CIPHER = 'chacha20-poly1305';
const TAG = { authTagLength: 16 };
const TAG_BYTES = 16;

function secretKeyObject(seed: Uint8Array): KeyObject {
    return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
}

function publicKeyObject(key: Uint8Array): KeyObject {
    return createPublicKey({ key: Buffer.concat([SPKI, key]), format: 'der', type: 'spki' });
}

/** The session's primitives on OpenSSL, synchronous. Key objects are cached, because parsing a key costs as much as using it. */
export function nativePrimitives(): SessionPrimitives {
    const secretKeys = new KeyCache(secretKeyObject);
    const publicKeys = new KeyCache(publicKeyObject);
    return {
        signEd25519: (message, secretKey) => sign(null, message, secretKeys.get(secretKey)),
        verifyEd25519(message, signature, publicKey) {
            if (publicKey.length !== 32 || signature.length !== 64) return false;
            try {
                return verify(null, message, publicKeys.get(publicKey), signature);
            } catch {
                return false;
            }
        },
        publicKeyEd25519(secretKey) {
            const der = createPublicKey(secretKeys.get(secretKey)).export({ format: 'der', type: 'spki' });
            return der.subarray(SPKI.length);
        },
        sha256: (data) => createHash('sha256').update(data).digest(),
        createSha256() {
            const hash = createHash('sha256');
            return {
                update(data) {
                    hash.update(data);
                },
                digest: () => hash.copy().digest(),
            };
        },
        hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
        seal(key, nonce, plaintext, additionalData) {
            const cipher = createCipheriv(CIPHER, key, nonce, TAG);
            if (additionalData) cipher.setAAD(additionalData, { plaintextLength: plaintext.length });
            const out = new Uint8Array(plaintext.length + TAG_BYTES);
            out.set(cipher.update(plaintext));
            cipher.final();
            out.set(cipher.getAuthTag(), plaintext.length);
            return out;
        },
        open(key, nonce, ciphertext, additionalData) {
            const size = ciphertext.length - TAG_BYTES;
            if (size < 0) return undefined;
            const decipher = createDecipheriv(CIPHER, key, nonce, TAG);
            if (additionalData) decipher.setAAD(additionalData, { plaintextLength: size });
            decipher.setAuthTag(ciphertext.subarray(size));
            const plaintext = decipher.update(ciphertext.subarray(0, size));
            try {
                decipher.final();
            } catch {
                return undefined;
            }
            return plaintext;
        },
    };
}
