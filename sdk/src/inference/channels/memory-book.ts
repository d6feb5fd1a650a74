import type { ChannelBook, ChannelRecord, VaultRecord } from './book';
import { LocalBook } from './local-book';

/** Keeps channels in memory: with the process the voucher keys are gone, and the money is free after releaseDelay. */
export function memoryChannelBook(): ChannelBook {
    const vaults = new Map<string, VaultRecord>();
    const channels = new Map<string, ChannelRecord>();
    return new LocalBook({
        vaults: async () => [...vaults.values()],
        channels: async () => [...channels.values()],
        putVault: async (record) => {
            vaults.set(record.vault, record);
        },
        putChannel: async (record) => {
            channels.set(record.id, record);
        },
        deleteChannel: async (id) => {
            channels.delete(id);
        },
    });
}
