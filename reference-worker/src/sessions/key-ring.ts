import { randomBytes, timingSafeEqual } from 'node:crypto';
import {
    encryptionKeyId,
    MAX_CLOCK_SKEW_SECONDS,
    type SessionKey,
    type SessionPrimitives,
    signSessionKey,
} from 'cocoon-sdk';
import { x25519PublicKey } from '../config';

/** A key is published for so long … */
const PUBLISHED_SECONDS = 3_600;
/** … and a client may take it up until the end of its life. */
const LIFE_SECONDS = 2 * PUBLISHED_SECONDS;
/** An encapsulation that was made in a key's last second, by a clock that is late, is used on for ten minutes. */
const GRACE_SECONDS = 900;

interface Held {
    id: Uint8Array;
    secret: Uint8Array;
    key: SessionKey;
}

export interface KeyRingOptions {
    primitives: SessionPrimitives;
    place: { networkId: number; node: Uint8Array };
    operatorSecret: Uint8Array;
    encryptionSecret: Uint8Array;
    /** Unix milliseconds. */
    now: () => number;
    random?: (size: number) => Uint8Array;
    /** A key is gone: what was derived from it must go, too. */
    onDropped?: (keyId: Uint8Array) => void;
}

/**
 * The keys that envelopes may be sealed to: the one on chain, and short-lived ones of which the secret halves are never
 * written down, so that what was sealed to them cannot be opened any more once they are gone.
 */
export class KeyRing {
    readonly #options: KeyRingOptions;
    readonly #chainId: Uint8Array;
    #held: Held[] = [];

    constructor(options: KeyRingOptions) {
        this.#options = options;
        this.#chainId = encryptionKeyId(options.primitives, x25519PublicKey(options.encryptionSecret));
    }

    /** The key to publish now. */
    current(): SessionKey {
        const now = this.#now();
        const newest = this.#held[0];
        if (newest && now < newest.key.notBefore + MAX_CLOCK_SKEW_SECONDS + PUBLISHED_SECONDS)
            return newest.key;
        this.sweep();
        this.#held.unshift(this.#make(now));
        return this.#held[0]!.key;
    }

    /** The secret half of the key with this id, undefined where there is none any more. */
    secretOf(keyId: Uint8Array): Uint8Array | undefined {
        if (isSame(keyId, this.#chainId)) return this.#options.encryptionSecret;
        this.sweep();
        return this.#held.find(({ id }) => isSame(keyId, id))?.secret;
    }

    /** Wipes the keys whose grace is over. To be called before what they derived is used, and from time to time. */
    sweep(): void {
        const now = this.#now();
        // The newest come first, so the last is the first to go.
        for (let oldest = this.#held.at(-1); oldest; oldest = this.#held.at(-1)) {
            if (now < oldest.key.notAfter + GRACE_SECONDS) return;
            this.#held.pop();
            oldest.secret.fill(0);
            this.#options.onDropped?.(oldest.id);
        }
    }

    #make(now: number): Held {
        const { primitives, place, operatorSecret, random = randomBytes } = this.#options;
        const secret = Uint8Array.from(random(32));
        const publicKey = x25519PublicKey(secret);
        const key = signSessionKey(primitives, operatorSecret, place, {
            publicKey,
            notBefore: now - MAX_CLOCK_SKEW_SECONDS,
            notAfter: now + LIFE_SECONDS,
        });
        return { id: encryptionKeyId(primitives, publicKey), secret, key };
    }

    #now(): number {
        return Math.floor(this.#options.now() / 1000);
    }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
    return a.length === b.length && timingSafeEqual(a, b);
}
