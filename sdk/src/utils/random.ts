/** Fills and returns `length` random bytes. Injected so that tests can fix keys and salts. */
export type RandomBytes = (length: number) => Uint8Array;

/** Bytes from the platform's cryptographically secure generator. */
export const secureRandomBytes: RandomBytes = (length) => {
    const out = new Uint8Array(length);
    // getRandomValues refuses more than 65,536 bytes a call.
    for (let offset = 0; offset < length; offset += 65_536) {
        globalThis.crypto.getRandomValues(out.subarray(offset, Math.min(length, offset + 65_536)));
    }
    return out;
};
