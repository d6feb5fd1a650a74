import { Chacha20Poly1305 } from '@hpke/chacha20poly1305';
import { CipherSuite, HkdfSha256 } from '@hpke/core';
import { DhkemX25519HkdfSha256 } from '@hpke/dhkem-x25519';
import { x25519 } from '@noble/curves/ed25519.js';
import { InvalidArgumentError } from '../../errors';
import { concatBytes, intBytes, toArrayBuffer, utf8ToBytes } from '../../utils';
import { SessionDecryptionError } from '../errors';
import { extractKey } from './message-keys';
import type { SessionPrimitives } from './primitives';

/** Network and node that an encapsulation is bound to. */
export type EncapsulationPlace = { readonly networkId: number; readonly node: Uint8Array };

/** A shared secret of a client and a node, from one HPKE encapsulation. */
export type SessionSecret = {
    readonly keyId: Uint8Array;
    readonly enc: Uint8Array;
    /** HKDF-Extract of the exported secret: what message keys come from. */
    readonly extracted: Uint8Array;
};

const EXPORT_CONTEXT = toArrayBuffer(utf8ToBytes('cocoon session secret'));

// RFC 9180 base mode: kem 0x0020, kdf 0x0001, aead 0x0003.
function suite(): CipherSuite {
    return new CipherSuite({
        kem: new DhkemX25519HkdfSha256(),
        kdf: new HkdfSha256(),
        aead: new Chacha20Poly1305(),
    });
}

/** The first 8 bytes of SHA-256 of an X25519 public key. */
export function encryptionKeyId(primitives: SessionPrimitives, publicKey: Uint8Array): Uint8Array {
    return primitives.sha256(publicKey).subarray(0, 8);
}

/**
 * Client side: a fresh secret that only the holder of `publicKey` can get. `ephemeralSecretKey` is for test vectors.
 * Throws InvalidArgumentError for an unusable key.
 */
export async function encapsulate(
    primitives: SessionPrimitives,
    place: EncapsulationPlace,
    publicKey: Uint8Array,
    ephemeralSecretKey?: Uint8Array,
): Promise<SessionSecret> {
    const hpke = suite();
    try {
        const sender = await hpke.createSenderContext({
            recipientPublicKey: await hpke.kem.deserializePublicKey(toArrayBuffer(publicKey)),
            info: infoOf(place),
            ...(ephemeralSecretKey && { ekm: await keyPair(hpke, ephemeralSecretKey) }),
        });
        const secret = new Uint8Array(await sender.export(EXPORT_CONTEXT, 32));
        return {
            keyId: encryptionKeyId(primitives, publicKey),
            enc: new Uint8Array(sender.enc),
            extracted: extractKey(primitives, secret),
        };
    } catch (cause) {
        throw new InvalidArgumentError('The node’s encryption key is not a usable X25519 public key.', {
            cause,
        });
    }
}

/** Node side: the secret of an encapsulation. Throws SessionDecryptionError. */
export async function decapsulate(
    primitives: SessionPrimitives,
    place: EncapsulationPlace,
    secretKey: Uint8Array,
    keyId: Uint8Array,
    enc: Uint8Array,
): Promise<SessionSecret> {
    const hpke = suite();
    try {
        const recipient = await hpke.createRecipientContext({
            recipientKey: await hpke.kem.deserializePrivateKey(toArrayBuffer(secretKey)),
            enc: toArrayBuffer(enc),
            info: infoOf(place),
        });
        const secret = new Uint8Array(await recipient.export(EXPORT_CONTEXT, 32));
        // Copies: what came in are views of a whole request body, and the secret outlives it.
        return { keyId: keyId.slice(), enc: enc.slice(), extracted: extractKey(primitives, secret) };
    } catch (cause) {
        throw new SessionDecryptionError('The encapsulated key of the envelope is not usable.', { cause });
    }
}

function infoOf(place: EncapsulationPlace): ArrayBuffer {
    return toArrayBuffer(
        concatBytes(utf8ToBytes('cocoon session v1'), intBytes(place.networkId, 4), place.node),
    );
}

async function keyPair(hpke: CipherSuite, secretKey: Uint8Array): Promise<CryptoKeyPair> {
    const privateKey = await hpke.kem.deserializePrivateKey(toArrayBuffer(secretKey));
    const publicKey = await hpke.kem.deserializePublicKey(toArrayBuffer(x25519.getPublicKey(secretKey)));
    return { privateKey, publicKey };
}
