/** A SHA-256 that can be asked for the digest of what it has seen so far, and go on. */
export interface RunningSha256 {
    update(data: Uint8Array): void;
    /** SHA-256 of everything given so far. */
    digest(): Uint8Array;
}

/**
 * The cryptography of a session, injected because the fastest implementation differs by platform: `noblePrimitives`
 * runs anywhere, `nativePrimitives()` of `cocoon-sdk/node` is an order of magnitude faster in Node. All synchronous;
 * keys, hashes and messages are bytes, Ed25519 secret keys are seeds of 32 bytes.
 */
export interface SessionPrimitives {
    /** Signature of 64 bytes. */
    signEd25519(message: Uint8Array, secretKey: Uint8Array): Uint8Array;
    /** False for anything that is not a valid signature, malformed keys included. */
    verifyEd25519(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean;
    publicKeyEd25519(secretKey: Uint8Array): Uint8Array;
    sha256(data: Uint8Array): Uint8Array;
    createSha256(): RunningSha256;
    hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array;
    /** ChaCha20-Poly1305: ciphertext ‖ tag 16. The nonce has 12 bytes. */
    seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, additionalData?: Uint8Array): Uint8Array;
    /** The plaintext, or undefined where the ciphertext does not open. */
    open(
        key: Uint8Array,
        nonce: Uint8Array,
        ciphertext: Uint8Array,
        additionalData?: Uint8Array,
    ): Uint8Array | undefined;
}
