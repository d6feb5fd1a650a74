import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { SessionPrimitives } from './primitives';

/** Primitives in plain JavaScript, for browsers and wherever nothing faster is at hand. */
export const noblePrimitives: SessionPrimitives = {
    signEd25519: (message, secretKey) => ed25519.sign(message, secretKey),
    verifyEd25519(message, signature, publicKey) {
        try {
            // Strict RFC 8032 rather than ZIP 215, as the contracts' and the native verifier do it.
            return ed25519.verify(signature, message, publicKey, { zip215: false });
        } catch {
            return false;
        }
    },
    publicKeyEd25519: (secretKey) => ed25519.getPublicKey(secretKey),
    sha256: (data) => sha256(data),
    createSha256() {
        const hash = sha256.create();
        return {
            update(data) {
                hash.update(data);
            },
            digest: () => hash.clone().digest(),
        };
    },
    hmacSha256: (key, data) => hmac(sha256, key, data),
    seal: (key, nonce, plaintext, additionalData) =>
        chacha20poly1305(key, nonce, additionalData).encrypt(plaintext),
    open(key, nonce, ciphertext, additionalData) {
        try {
            return chacha20poly1305(key, nonce, additionalData).decrypt(ciphertext);
        } catch {
            return undefined;
        }
    },
};
