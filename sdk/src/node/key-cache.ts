import type { KeyObject } from 'node:crypto';

const MAX_KEYS = 1_024;

/** Key objects of the most recent keys, by their bytes. */
export class KeyCache {
    private readonly keys = new Map<string, KeyObject>();

    constructor(private readonly parse: (bytes: Uint8Array) => KeyObject) {}

    /** Throws what `parse` throws. */
    get(bytes: Uint8Array): KeyObject {
        const id = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
        let key = this.keys.get(id);
        if (key === undefined) {
            key = this.parse(bytes);
            this.keys.set(id, key);
            const [oldest] = this.keys.keys();
            if (this.keys.size > MAX_KEYS) this.keys.delete(oldest!);
        }
        return key;
    }
}
