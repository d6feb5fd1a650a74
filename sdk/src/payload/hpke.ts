import { Chacha20Poly1305 } from '@hpke/chacha20poly1305';
import { CipherSuite, HkdfSha256 } from '@hpke/core';
import { DhkemX25519HkdfSha256 } from '@hpke/dhkem-x25519';
import { x25519 } from '@noble/curves/ed25519.js';
import { beginCell, type Cell } from '@ton/core';
import { InvalidArgumentError } from '../errors';
import { concatBytes, type RandomBytes, secureRandomBytes, toArrayBuffer, toBuffer } from '../utils';
import { type KeyContext, keyContextBytes } from './context';
import { PayloadDecryptionError, PayloadFormatError } from './errors';
import { CONTENT_KEY_BYTES } from './limits';

const VERSION = 1;
const ENC_BYTES = 32;
/** Bytes of a sealed content key: encapsulated key 32 ‖ ciphertext 32 ‖ tag 16. */
export const SEALED_KEY_BYTES = ENC_BYTES + CONTENT_KEY_BYTES + 16;

/** An X25519 key pair, 32 bytes each. The public one stands on chain. */
export type EncryptionKeyPair = { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };

// RFC 9180 base mode: kem 0x0020, kdf 0x0001, aead 0x0003.
function suite(): CipherSuite {
    return new CipherSuite({
        kem: new DhkemX25519HkdfSha256(),
        kdf: new HkdfSha256(),
        aead: new Chacha20Poly1305(),
    });
}

/** Makes an X25519 key pair, from `secretKey` when it is given. */
export function encryptionKeyPair(
    secretKey?: Uint8Array,
    randomBytes: RandomBytes = secureRandomBytes,
): EncryptionKeyPair {
    const secret = secretKey ?? randomBytes(32);
    checkKey('An X25519 secret key', secret);
    return { publicKey: x25519.getPublicKey(secret), secretKey: secret };
}

/** Seals a content key so that only the holder of `recipientPublicKey` opens it, and only in this context. */
export async function sealKey(args: {
    recipientPublicKey: Uint8Array;
    contentKey: Uint8Array;
    context: KeyContext;
}): Promise<Uint8Array> {
    checkKey('An X25519 public key', args.recipientPublicKey);
    checkKey('A content key', args.contentKey);
    const hpke = suite();
    try {
        const sealed = await hpke.seal(
            {
                recipientPublicKey: await hpke.kem.deserializePublicKey(
                    toArrayBuffer(args.recipientPublicKey),
                ),
                info: toArrayBuffer(keyContextBytes(args.context)),
            },
            toArrayBuffer(args.contentKey),
        );
        return concatBytes(new Uint8Array(sealed.enc), new Uint8Array(sealed.ct));
    } catch (cause) {
        throw new InvalidArgumentError('The recipient key is not a usable X25519 public key.', { cause });
    }
}

/** Opens a sealed content key. Throws PayloadFormatError or PayloadDecryptionError. */
export async function openKey(args: {
    secretKey: Uint8Array;
    sealedKey: Uint8Array;
    context: KeyContext;
}): Promise<Uint8Array> {
    checkKey('An X25519 secret key', args.secretKey);
    if (args.sealedKey.length !== SEALED_KEY_BYTES) {
        throw new PayloadFormatError(
            `A sealed key has ${SEALED_KEY_BYTES} bytes, not ${args.sealedKey.length}.`,
        );
    }
    const hpke = suite();
    let contentKey: Uint8Array;
    try {
        contentKey = new Uint8Array(
            await hpke.open(
                {
                    recipientKey: await hpke.kem.deserializePrivateKey(toArrayBuffer(args.secretKey)),
                    enc: toArrayBuffer(args.sealedKey.subarray(0, ENC_BYTES)),
                    info: toArrayBuffer(keyContextBytes(args.context)),
                },
                toArrayBuffer(args.sealedKey.subarray(ENC_BYTES)),
            ),
        );
    } catch (cause) {
        throw new PayloadDecryptionError('The sealed key does not open with this key in this context.', {
            cause,
        });
    }
    return contentKey;
}

/** version u8 = 1 ‖ sealed key 80 bytes. */
export function sealedKeyToCell(sealedKey: Uint8Array): Cell {
    if (sealedKey.length !== SEALED_KEY_BYTES) {
        throw new InvalidArgumentError(
            `A sealed key has ${SEALED_KEY_BYTES} bytes, not ${sealedKey.length}.`,
        );
    }
    return beginCell().storeUint(VERSION, 8).storeBuffer(toBuffer(sealedKey)).endCell();
}

/** Reads a sealed key's cell. Throws PayloadFormatError. */
export function sealedKeyFromCell(cell: Cell): Uint8Array {
    if (cell.isExotic || cell.bits.length !== 8 * (1 + SEALED_KEY_BYTES) || cell.refs.length !== 0) {
        throw new PayloadFormatError('A sealed key cell has another size.');
    }
    const slice = cell.beginParse();
    const version = slice.loadUint(8);
    if (version !== VERSION) {
        throw new PayloadFormatError(`Sealed key version ${version} is not known.`);
    }
    return new Uint8Array(slice.loadBuffer(SEALED_KEY_BYTES));
}

function checkKey(what: string, key: Uint8Array): void {
    if (key.length !== 32) {
        throw new InvalidArgumentError(`${what} has 32 bytes, not ${key.length}.`);
    }
}
