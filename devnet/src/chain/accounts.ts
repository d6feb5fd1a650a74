import { beginCell, Cell, loadShardAccount, type ShardAccount, storeShardAccount } from '@ton/core';
import type { RawAddress, TransactionRecord } from './types';

const NO_HASH = Buffer.alloc(32);

/** An address nothing was ever sent to. */
const EMPTY_SHARD_ACCOUNT = beginCell()
    .store(storeShardAccount({ account: null, lastTransactionHash: 0n, lastTransactionLt: 0n }))
    .endCell()
    .toBoc({ idx: false })
    .toString('base64');

/** State of one account with its whole history, oldest first. */
export interface AccountEntry {
    shardAccount: string;
    lastLt: bigint;
    lastHash: Buffer;
    history: TransactionRecord[];
    parsed?: ShardAccount;
}

/** A state in the form that the emulator wants, and decoded. */
export interface EncodedAccount {
    shardAccount: string;
    state: ShardAccount;
}

/** Histories only ever grow, so a checkpoint keeps a length instead of a copy. */
export interface AccountsCheckpoint {
    entries: Map<RawAddress, AccountEntry>;
    historyLengths: Map<RawAddress, number>;
}

export class Accounts {
    private entries = new Map<RawAddress, AccountEntry>();

    get size(): number {
        return this.entries.size;
    }

    /** The account, or an empty one for an address never used. The result is a view: never modify it. */
    get(address: RawAddress): Readonly<AccountEntry> {
        return this.entries.get(address) ?? newEntry();
    }

    /** Replaces the state and appends the transactions that led to it. */
    apply(address: RawAddress, shardAccount: string, transactions: readonly TransactionRecord[]): void {
        let entry = this.entries.get(address);
        if (!entry) {
            entry = newEntry();
            this.entries.set(address, entry);
        }
        entry.shardAccount = shardAccount;
        entry.parsed = undefined;
        for (const transaction of transactions) {
            entry.history.push(transaction);
            entry.lastLt = transaction.lt;
            entry.lastHash = transaction.hash;
        }
    }

    /** Overwrites the state outside any transaction. */
    set(address: RawAddress, { shardAccount, state }: EncodedAccount): void {
        this.apply(address, shardAccount, []);
        this.entries.get(address)!.parsed = state;
    }

    /** Decoded state, cached until the next transaction. */
    state(address: RawAddress): ShardAccount {
        const entry = this.entries.get(address);
        if (!entry) return parseShardAccount(EMPTY_SHARD_ACCOUNT);
        entry.parsed ??= parseShardAccount(entry.shardAccount);
        return entry.parsed;
    }

    balance(address: RawAddress): bigint {
        return this.state(address).account?.storage.balance.coins ?? 0n;
    }

    totalBalance(): bigint {
        let total = 0n;
        for (const address of this.entries.keys()) total += this.balance(address);
        return total;
    }

    checkpoint(): AccountsCheckpoint {
        const entries = new Map<RawAddress, AccountEntry>();
        const historyLengths = new Map<RawAddress, number>();
        for (const [address, entry] of this.entries) {
            entries.set(address, { ...entry });
            historyLengths.set(address, entry.history.length);
        }
        return { entries, historyLengths };
    }

    restore(checkpoint: AccountsCheckpoint): void {
        this.entries = new Map();
        for (const [address, entry] of checkpoint.entries) {
            const history = entry.history.slice(0, checkpoint.historyLengths.get(address));
            this.entries.set(address, { ...entry, history });
        }
    }
}

function parseShardAccount(shardAccount: string): ShardAccount {
    return loadShardAccount(Cell.fromBase64(shardAccount).beginParse());
}

function newEntry(): AccountEntry {
    return { shardAccount: EMPTY_SHARD_ACCOUNT, lastLt: 0n, lastHash: NO_HASH, history: [] };
}
