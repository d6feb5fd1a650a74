import { ChannelBookCorruptError } from '../errors';
import type { ChannelRecord, VaultRecord } from './book';

const CHANNEL_STATES: readonly unknown[] = ['asked', 'open', 'releasing', 'retired'];
const VAULT_STATES: readonly unknown[] = ['asked', 'open', 'closed'];
const HEX = /^[0-9a-f]{64}$/;
const RAW_ADDRESS = /^0:[0-9a-f]{64}$/;

/** JSON of a record; amounts as decimal strings. Secret. */
export function encodeRecord(record: ChannelRecord | VaultRecord): string {
    return JSON.stringify(record, (_, value) => (typeof value === 'bigint' ? value.toString() : value));
}

/** Throws ChannelBookCorruptError, which names the key and nothing of the text. */
export function decodeChannel(key: string, text: string): ChannelRecord {
    return decode(key, text, (raw) => {
        const record = {
            ...raw,
            generation: BigInt(raw.generation),
            allocated: BigInt(raw.allocated),
            cumulative: BigInt(raw.cumulative),
            sequence: BigInt(raw.sequence),
        };
        const known = [raw.node, raw.payee, raw.voucherSeed].every((hex) => HEX.test(hex));
        const slot = Number.isInteger(raw.slot) && raw.slot >= 0 && raw.slot < 128;
        if (!known || !slot || !RAW_ADDRESS.test(raw.vault) || !CHANNEL_STATES.includes(raw.state))
            return undefined;
        return record;
    });
}

/** Throws ChannelBookCorruptError. */
export function decodeVault(key: string, text: string): VaultRecord {
    return decode(key, text, (raw) => {
        if (!RAW_ADDRESS.test(raw.vault) || !HEX.test(raw.termsHash) || !VAULT_STATES.includes(raw.state))
            return undefined;
        return { ...raw, nonce: BigInt(raw.nonce), deposited: BigInt(raw.deposited) };
    });
}

// biome-ignore lint/suspicious/noExplicitAny: what JSON.parse gives; the reader checks it.
function decode<T>(key: string, text: string, read: (raw: any) => T | undefined): T {
    let record: T | undefined;
    try {
        record = read(JSON.parse(text));
    } catch {
        // Said below, without the cause: it quotes the text, which has keys in it.
    }
    if (record === undefined) throw new ChannelBookCorruptError(key);
    return record;
}
