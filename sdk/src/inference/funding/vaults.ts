import { Address } from '@ton/core';
import type { VaultIdentity } from 'cocoon-wrappers';
import { bytesToHex, integerToHash, type RandomBytes } from '../../utils';
import type { ChannelBook, VaultRecord } from '../channels/book';
import type { ChainVault, FundingChain } from './chain';

/** A vault to spend from; without `state` it is still to be opened. */
export type CurrentVault = {
    readonly record: VaultRecord;
    readonly identity?: VaultIdentity;
    readonly state?: ChainVault;
};

export type VaultsParts = {
    readonly book: ChannelBook;
    readonly chain: FundingChain;
    readonly randomBytes: RandomBytes;
    /** Raw address of the vault to use; the book's newest by default. */
    readonly wanted: string | undefined;
    readonly openWithinSeconds: number;
};

/** Seconds before openBefore in which nothing is opened any more: the message needs time. */
const OPEN_MARGIN = 120;

/** Which vault is spent from. Call it while nobody else changes the vault. */
export class Vaults {
    constructor(private readonly parts: VaultsParts) {}

    /** The vault in use, if it is open. */
    async open(): Promise<(CurrentVault & { state: ChainVault }) | undefined> {
        const record = await this.newest();
        const state = record && (await this.parts.chain.getVault(record.vault));
        if (record === undefined || state === undefined) return undefined;
        if (record.state === 'open') return { record, state };
        const opened = { ...record, state: 'open' as const };
        await this.parts.book.setVault(opened);
        return { record: opened, state };
    }

    /** The vault in use, or one to be opened, which the book has already. */
    async current(): Promise<CurrentVault> {
        const open = await this.open();
        if (open !== undefined) return open;
        const record = await this.newest();
        const time = await this.parts.chain.time();
        if (record?.state === 'asked' && time < record.openBefore - OPEN_MARGIN) {
            // The same identity again, so that a message that is still on its way cannot open a second vault.
            const { vault, identity } = await this.parts.chain.newVault(record.nonce, record.openBefore);
            if (vault === record.vault) return { record, identity };
        }
        if (record !== undefined) await this.parts.book.setVault({ ...record, state: 'closed' });
        return this.create(time + this.parts.openWithinSeconds);
    }

    private async create(openBefore: number): Promise<CurrentVault> {
        const nonce = BigInt(`0x${bytesToHex(this.parts.randomBytes(8))}`);
        const { vault, identity } = await this.parts.chain.newVault(nonce, openBefore);
        const termsHash = bytesToHex(integerToHash(identity.termsHash));
        const record = { vault, nonce, openBefore, termsHash, deposited: 0n, state: 'asked' as const };
        await this.parts.book.setVault(record);
        return { record, identity };
    }

    private async newest(): Promise<VaultRecord | undefined> {
        const { wanted } = this.parts;
        const records = (await this.parts.book.vaults()).filter(({ state }) => state !== 'closed');
        if (wanted === undefined) return records.at(-1);
        const vault = Address.parse(wanted).toRawString();
        return records.find((record) => record.vault === vault) ?? foreignVault(vault);
    }
}

/** A vault that the book does not know: it was opened elsewhere, with allocations that we have no keys for. */
function foreignVault(vault: string): VaultRecord {
    return { vault, nonce: 0n, openBefore: 0, termsHash: '0'.repeat(64), deposited: 0n, state: 'open' };
}
