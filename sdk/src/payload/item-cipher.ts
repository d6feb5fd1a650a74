import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { InvalidArgumentError } from '../errors';
import { concatBytes, uintBytes, utf8ToBytes } from '../utils';
import { type Direction, directionTag, itemContextBytes, type JobContext } from './context';
import { PayloadDecryptionError } from './errors';
import { CONTENT_KEY_BYTES, ITEM_OVERHEAD_BYTES, SALT_BYTES } from './limits';

/** Key and nonce of one item. Disclosing it opens this item and no other. */
export type ItemKey = { readonly key: Uint8Array; readonly nonce: Uint8Array };

/** An item in the clear: the salt of its leaf and its data. */
export type OpenedItem = { readonly salt: Uint8Array; readonly data: Uint8Array };

/** HKDF-SHA256(content key, no salt, `cocoon/v1/item-key` ‖ direction u8 ‖ index u32) → key 32 ‖ nonce 12. */
export function deriveItemKey(contentKey: Uint8Array, direction: Direction, index: number): ItemKey {
    if (contentKey.length !== CONTENT_KEY_BYTES) {
        throw new InvalidArgumentError(
            `A content key has ${CONTENT_KEY_BYTES} bytes, not ${contentKey.length}.`,
        );
    }
    const info = concatBytes(
        utf8ToBytes('cocoon/v1/item-key'),
        Uint8Array.of(directionTag(direction)),
        uintBytes(index, 4),
    );
    const okm = hkdf(sha256, contentKey, undefined, info, 44);
    return { key: okm.subarray(0, 32), nonce: okm.subarray(32) };
}

/** Place of an item in its job. */
export type ItemPlace = JobContext & {
    readonly direction: Direction;
    readonly index: number;
    readonly count: number;
};

/** ChaCha20-Poly1305 of salt ‖ data. One ItemKey must never encrypt two different plaintexts. */
export function sealItem(itemKey: ItemKey, place: ItemPlace, item: OpenedItem): Uint8Array {
    return cipher(itemKey, place).encrypt(concatBytes(item.salt, item.data));
}

/** Opens one item. Throws PayloadDecryptionError when anything about it differs from what was sealed. */
export function openItem(itemKey: ItemKey, place: ItemPlace, ciphertext: Uint8Array): OpenedItem {
    if (ciphertext.length < ITEM_OVERHEAD_BYTES) {
        throw new PayloadDecryptionError(`Item ${place.index} is too short to be a ciphertext.`);
    }
    let plaintext: Uint8Array;
    try {
        plaintext = cipher(itemKey, place).decrypt(ciphertext);
    } catch (cause) {
        throw new PayloadDecryptionError(`Item ${place.index} does not open with this key.`, { cause });
    }
    return { salt: plaintext.slice(0, SALT_BYTES), data: plaintext.slice(SALT_BYTES) };
}

function cipher(itemKey: ItemKey, place: ItemPlace) {
    return chacha20poly1305(
        itemKey.key,
        itemKey.nonce,
        itemContextBytes(place, place.direction, place.index, place.count),
    );
}
