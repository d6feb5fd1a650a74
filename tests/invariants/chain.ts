import { type Address, beginCell, type Cell, storeMessage, storeShardAccount } from '@ton/core';
import { Executor, internal } from '@ton/sandbox';
import { createBlockchain, GENESIS } from '../helpers/blockchain';
import { Bag, type Reader } from './boc';
import type { Note } from './notes';
import { loadMoney, type OutMessage, readTransaction, type Transaction } from './transaction';

/** An account as it stands; immutable, so that a snapshot is a copy of the map. */
export interface Account {
    shard: string;
    balance: bigint;
    /** Data of an active contract. */
    data?: { bag: Bag; cell: number };
}

/** A message on its way. `note` is what the model knows of it. */
export interface Flight {
    from: Address;
    to: Address;
    value: bigint;
    bounced: boolean;
    /** Brings a StateInit. */
    deploys: boolean;
    boc: Buffer;
    note: Note;
}

export interface Executed {
    transaction: Transaction;
    before: Account | undefined;
    after: Account | undefined;
}

export interface Snapshot {
    accounts: Map<string, Account>;
    now: number;
    lt: bigint;
}

const NO_ACCOUNT = beginCell()
    .store(storeShardAccount({ account: null, lastTransactionHash: 0n, lastTransactionLt: 0n }))
    .endCell()
    .toBoc()
    .toString('base64');
const NO_SEED = Buffer.alloc(32);

/** The transaction executor over a map of accounts: many times as fast as a whole Blockchain. */
export class Chain {
    accounts = new Map<string, Account>();
    now = GENESIS;
    private lt = 0n;

    private constructor(
        private readonly executor: Executor,
        private readonly config: string,
    ) {}

    static async create(): Promise<Chain> {
        const { configBase64 } = await createBlockchain();
        return new Chain(await Executor.create(), configBase64);
    }

    get(address: Address): Account | undefined {
        return this.accounts.get(address.toRawString());
    }

    snapshot(): Snapshot {
        return { accounts: new Map(this.accounts), now: this.now, lt: this.lt };
    }

    restore({ accounts, now, lt }: Snapshot): void {
        this.accounts = new Map(accounts);
        this.now = now;
        this.lt = lt;
    }

    async execute({ to, boc }: Pick<Flight, 'to' | 'boc'>): Promise<Executed> {
        const key = to.toRawString();
        const before = this.accounts.get(key);
        this.lt += 1_000_000n;
        const { result } = await this.executor.runTransaction({
            config: this.config,
            libs: null,
            verbosity: 'short',
            shardAccount: before?.shard ?? NO_ACCOUNT,
            message: { toBoc: () => boc } as Cell, // all that the executor asks of it
            now: this.now,
            lt: this.lt,
            randomSeed: NO_SEED,
            ignoreChksig: false,
            debugEnabled: false,
        });
        if (!result.success) throw new Error(`The emulator refused a message: ${result.error}`);
        const after = readAccount(result.shardAccount);
        if (after) this.accounts.set(key, after);
        else this.accounts.delete(key);
        return { transaction: readTransaction(result.transaction), before, after };
    }
}

function readAccount(shard: string): Account | undefined {
    const bag = new Bag(shard);
    const account = bag.read(bag.read().loadRef());
    if (!account.loadBit()) return undefined;
    account.loadAddress();
    for (let part = 0; part < 2; part++) account.skip(8 * account.loadUint(3)); // cells and bits used
    if (account.loadUint(3) === 1) account.skip(256);
    account.skip(32); // last paid
    account.loadMaybeCoins(); // due
    account.skip(64);
    const balance = loadMoney(account);
    return { shard, balance, data: account.loadBit() ? dataOf(bag, account) : undefined };
}

function dataOf(bag: Bag, stateInit: Reader): Account['data'] {
    if (stateInit.loadBit()) stateInit.skip(5);
    if (stateInit.loadBit()) stateInit.skip(2);
    stateInit.loadMaybeRef(); // code
    const cell = stateInit.loadMaybeRef();
    return cell === undefined ? undefined : { bag, cell };
}

/** A message as if a wallet had sent it. */
export function fromWallet(
    sent: Pick<Flight, 'from' | 'to' | 'value' | 'note'> & {
        body: Cell;
        bounce?: boolean;
        init?: { code: Cell; data: Cell };
    },
): Flight {
    const { from, to, value, note, body, bounce = true, init } = sent;
    const message = internal({ from, to, value, body, bounce, stateInit: init });
    const boc = beginCell().store(storeMessage(message)).endCell().toBoc({ crc32: false });
    return { from, to, value, bounced: false, deploys: init !== undefined, boc, note };
}

/** A message that a contract sent; only a Birth among them deploys. */
export function fromContract({ from, to, value, bounced, boc }: OutMessage, note: Note): Flight {
    return { from, to, value, bounced, deploys: note.kind === 'birth', boc, note };
}
