/** Largest sealed batch, in bytes, that is carried inside a message. */
export const MAX_INLINE_BYTES = 16_384;
/** Most requests in one job. */
export const MAX_ITEMS = 4_096;
/** Largest ciphertext of one item, in bytes, so that a disputed item fits a message. */
export const MAX_ITEM_BYTES = 16_384;
/** Largest sealed batch at a URI: every item at its limit, with its length, and the header. */
export const MAX_BATCH_BYTES = 5 + MAX_ITEMS * (4 + MAX_ITEM_BYTES);
/** Longest URI of a payload, in bytes of UTF-8. */
export const MAX_URL_BYTES = 1_024;
/** Bytes of the random salt of a leaf, of a hash, of a content key. */
export const SALT_BYTES = 32;
export const HASH_BYTES = 32;
export const CONTENT_KEY_BYTES = 32;
/** Bytes that encryption adds to an item: its salt and the Poly1305 tag. */
export const ITEM_OVERHEAD_BYTES = SALT_BYTES + 16;
