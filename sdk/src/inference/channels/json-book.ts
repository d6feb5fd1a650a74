import type { TextStore } from '../../jobs';
import { Mutex } from '../../utils';
import { ChannelBookCorruptError } from '../errors';
import type { ChannelBook } from './book';
import { LocalBook } from './local-book';
import { decodeChannel, decodeVault, encodeRecord } from './record';

/**
 * Keeps channels as JSON in any store of strings (`localStorage`, a folder of files): `<prefix>channel:<id>`,
 * `<prefix>vault:<address>` and an index. One process at a time may use one prefix. Secrets are in it: encrypt in `setItem`
 * where the store is not private; `setItem` must be durable when it resolves.
 */
export function jsonChannelBook(texts: TextStore, prefix = 'cocoon:inference:'): ChannelBook {
    const vaultIndex = new TextIndex(texts, `${prefix}vaults`, `${prefix}vault:`);
    const channelIndex = new TextIndex(texts, `${prefix}channels`, `${prefix}channel:`);
    return new LocalBook({
        vaults: () => vaultIndex.all(decodeVault),
        channels: () => channelIndex.all(decodeChannel),
        putVault: (record) => vaultIndex.put(record.vault, encodeRecord(record)),
        putChannel: (record) => channelIndex.put(record.id, encodeRecord(record)),
        deleteChannel: (id) => channelIndex.delete(id),
    });
}

/** Texts under keys, and the list of the keys under one more. */
class TextIndex {
    private readonly mutex = new Mutex();
    private known: Set<string> | undefined;

    constructor(
        private readonly texts: TextStore,
        private readonly key: string,
        private readonly prefix: string,
    ) {}

    async all<T>(decode: (key: string, text: string) => T): Promise<T[]> {
        const records: T[] = [];
        for (const id of await this.mutex.run(() => this.ids())) {
            const text = await this.texts.getItem(this.prefix + id);
            // A crash between index and text, or text and index, leaves an id without text: nothing was sent for it.
            if (text) records.push(decode(this.prefix + id, text));
        }
        return records;
    }

    async put(id: string, text: string): Promise<void> {
        await this.texts.setItem(this.prefix + id, text);
        if (this.known?.has(id)) return;
        await this.mutex.run(() => this.change((ids) => ids.add(id)));
    }

    delete(id: string): Promise<void> {
        return this.mutex.run(async () => {
            await this.change((ids) => ids.delete(id));
            await this.texts.removeItem(this.prefix + id);
        });
    }

    private async change(apply: (ids: Set<string>) => void): Promise<void> {
        const ids = new Set(await this.ids());
        apply(ids);
        await this.texts.setItem(this.key, JSON.stringify([...ids]));
        this.known = ids;
    }

    private async ids(): Promise<Set<string>> {
        if (this.known !== undefined) return this.known;
        const text = (await this.texts.getItem(this.key)) ?? '[]';
        try {
            this.known = new Set(JSON.parse(text) as string[]);
        } catch {
            throw new ChannelBookCorruptError(this.key);
        }
        return this.known;
    }
}
