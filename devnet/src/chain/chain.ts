import { createHash } from 'node:crypto';
import { DevnetError } from '../errors';
import { Accounts, type EncodedAccount } from './accounts';
import { BlockBuilder, type BlockDraft } from './block-builder';
import type { Emulator } from './emulator';
import { mintMessage } from './messages';
import { MessageQueue } from './queue';
import { SeededRandom } from './random';
import type {
    Block,
    ChainStats,
    DeliveryPolicy,
    ExternalMessage,
    InternalMessage,
    RawAddress,
    Supply,
    TransactionRecord,
} from './types';

/** Blocks start at a multiple of this logical time, as on the real network. */
const LT_ALIGNMENT = 1_000_000n;

/** Sums that only ever grow, nanoTON. */
export interface Ledger {
    funded: bigint;
    fees: bigint;
    undeliverable: bigint;
}

/** The part of the state that is neither accounts, nor blocks, nor messages under way. */
export interface ChainVariables {
    nextLt: bigint;
    /** Seconds that `now` runs ahead of the wall clock. */
    timeOffset: number;
    randomState: number;
    ledger: Ledger;
}

/** Hears of every change before it becomes visible; what it throws stops the chain. */
export interface ChainObserver {
    onBlock(block: Block, draft: BlockDraft, chain: Chain): void;
    onAccountSet(address: RawAddress, shardAccount: string, chain: Chain): void;
}

export interface ChainOptions {
    emulator: Emulator;
    policy: DeliveryPolicy;
    seed: number;
    /** Wall clock, milliseconds since the epoch. */
    clock: () => number;
}

/** The ledger itself: account states, history, blocks, messages under way. Changes happen one at a time. */
export class Chain {
    readonly emulator: Emulator;
    readonly policy: DeliveryPolicy;
    readonly accounts = new Accounts();
    readonly queue = new MessageQueue();
    readonly blocks: Block[] = [];
    observer: ChainObserver | undefined;
    variables: ChainVariables;
    private mempool: ExternalMessage[] = [];
    private readonly byMessage = new Map<string, TransactionRecord>();
    private readonly random: SeededRandom;
    private readonly seed: number;
    private readonly clock: () => number;
    private readonly counters = { transactions: 0, rejected: 0, dropped: 0 };
    private waiters: { seqno: number; resolve: () => void; reject: (error: unknown) => void }[] = [];
    private last: Promise<unknown> = Promise.resolve();
    private failure: unknown;

    constructor(options: ChainOptions) {
        this.emulator = options.emulator;
        this.policy = options.policy;
        this.seed = options.seed;
        this.clock = options.clock;
        this.random = new SeededRandom(options.seed);
        this.variables = {
            nextLt: LT_ALIGNMENT,
            timeOffset: 0,
            randomState: this.random.state,
            ledger: { funded: 0n, fees: 0n, undeliverable: 0n },
        };
    }

    get head(): Block | undefined {
        return this.blocks[this.blocks.length - 1];
    }

    /** Time of the next block, Unix seconds: the wall clock plus the offset, never before the last block. */
    now(): number {
        const wall = Math.floor(this.clock() / 1000) + this.variables.timeOffset;
        return Math.max(this.head?.utime ?? 0, wall);
    }

    hasWork(): boolean {
        return this.mempool.length > 0 || this.queue.hasDeliverable();
    }

    /** Runs alone, after everything asked for before; a change of state must go through here. */
    exclusive<T>(change: () => T | Promise<T>): Promise<T> {
        const result = this.last.then(() => {
            this.assertRunning();
            return change();
        });
        this.last = result.catch(() => undefined);
        return result;
    }

    produceBlock(): Promise<Block> {
        return this.exclusive(() => this.produce());
    }

    /** Resolves when block `seqno` is there; rejects if the chain stops before. */
    waitForBlock(seqno: number): Promise<void> {
        if (this.blocks.length >= seqno) return Promise.resolve();
        return new Promise((resolve, reject) => {
            this.waiters.push({ seqno, resolve, reject });
        });
    }

    /** Accepts an external message for the next block. Check it first: a block drops what is unacceptable. */
    addExternal(message: ExternalMessage): void {
        this.assertRunning();
        this.mempool.push(message);
    }

    /** Creates `amount` nanoTON, delivered with the next block. Only inside `exclusive`. */
    mint(address: RawAddress, amount: bigint): InternalMessage {
        const { variables } = this;
        const message = mintMessage(address, amount, variables.nextLt, this.now());
        variables.nextLt += 1n;
        variables.ledger.funded += amount;
        const scheduled = { ...message, dueSeqno: (this.head?.seqno ?? 0) + 1 };
        this.queue.push(scheduled);
        return scheduled;
    }

    /** Overwrites an account's state; what its balance changes by counts as funded. Only inside `exclusive`. */
    setAccount(address: RawAddress, account: EncodedAccount): void {
        const before = this.accounts.balance(address);
        const after = account.state.account?.storage.balance.coins ?? 0n;
        this.variables.ledger.funded += after - before;
        this.observer?.onAccountSet(address, account.shardAccount, this);
        this.accounts.set(address, account);
    }

    /** Moves the clock; returns the new time. */
    increaseTime(seconds: number): number {
        this.variables.timeOffset += seconds;
        return this.now();
    }

    findByMessage(key: string): TransactionRecord | undefined {
        return this.byMessage.get(key);
    }

    supply(): Supply {
        const { funded, fees, undeliverable } = this.variables.ledger;
        const balances = this.accounts.totalBalance();
        const inFlight = this.queue.value;
        const conserved = funded === balances + inFlight + fees + undeliverable;
        return { funded, balances, inFlight, fees, undeliverable, conserved };
    }

    stats(): ChainStats {
        return {
            blocks: this.blocks.length,
            accounts: this.accounts.size,
            pending: this.queue.size,
            mempool: this.mempool.length,
            ...this.counters,
        };
    }

    /** Appends a finished block, whether just built or read back from a journal. */
    append(block: Block): void {
        this.blocks.push(block);
        this.counters.transactions += block.transactions.length;
        for (const record of block.transactions) {
            if (record.inMessage) this.byMessage.set(record.inMessage, record);
        }
    }

    /** Drops all blocks after the first `count`. */
    truncate(count: number): void {
        for (const block of this.blocks.splice(count)) {
            this.counters.transactions -= block.transactions.length;
            for (const record of block.transactions) {
                if (record.inMessage) this.byMessage.delete(record.inMessage);
            }
        }
    }

    exportMempool(): ExternalMessage[] {
        return [...this.mempool];
    }

    restoreMempool(mempool: readonly ExternalMessage[]): void {
        this.mempool = [...mempool];
    }

    exportVariables(): ChainVariables {
        const { ledger, ...rest } = this.variables;
        return { ...rest, randomState: this.random.state, ledger: { ...ledger } };
    }

    restoreVariables(variables: ChainVariables): void {
        this.variables = { ...variables, ledger: { ...variables.ledger } };
        this.random.state = variables.randomState;
    }

    reseed(seed: number): void {
        this.random.state = seed | 0;
    }

    /** Resolves when everything asked for so far is done, also if it failed. */
    async settled(): Promise<void> {
        await this.last;
    }

    /** Takes no more changes; whoever waits for a block is told. */
    stop(reason: unknown = new Error('it was closed.')): void {
        this.failure ??= reason;
        for (const waiter of this.waiters.splice(0)) waiter.reject(this.stoppedError());
    }

    private async produce(): Promise<Block> {
        const seqno = (this.head?.seqno ?? 0) + 1;
        const startLt = this.variables.nextLt;
        const internal = this.queue.take(seqno);
        const external = this.mempool.splice(0);
        try {
            const { emulator, accounts, queue, policy, random, seed } = this;
            const context = { emulator, accounts, queue, policy, random, seed };
            const builder = new BlockBuilder(context, seqno, this.now(), startLt);
            return this.commit(await builder.build(internal, external), startLt);
        } catch (error) {
            this.stop(error);
            throw error;
        }
    }

    private commit(draft: BlockDraft, startLt: bigint): Block {
        const { variables, queue } = this;
        const endLt = draft.nextLt;
        const block: Block = {
            seqno: draft.seqno,
            utime: draft.utime,
            startLt,
            endLt,
            transactions: draft.transactions,
            id: blockId(draft.seqno, draft.utime, draft.transactions),
        };
        queue.pushFront(draft.leftoverInternal);
        queue.push(...draft.outgoing);
        this.mempool.unshift(...draft.leftoverExternal);
        variables.nextLt = (endLt / LT_ALIGNMENT + 1n) * LT_ALIGNMENT;
        variables.ledger.fees += draft.fees;
        variables.ledger.undeliverable += draft.undeliverable;
        this.counters.rejected += draft.rejected;
        this.counters.dropped += draft.dropped;
        this.observer?.onBlock(block, draft, this);
        for (const [address, touched] of draft.touched) {
            this.accounts.apply(address, touched.shardAccount, touched.transactions);
        }
        this.append(block);
        this.wakeWaiters();
        return block;
    }

    private wakeWaiters(): void {
        const ready = this.waiters.filter((waiter) => waiter.seqno <= this.blocks.length);
        if (ready.length === 0) return;
        this.waiters = this.waiters.filter((waiter) => waiter.seqno > this.blocks.length);
        for (const waiter of ready) waiter.resolve();
    }

    private assertRunning(): void {
        if (this.failure !== undefined) throw this.stoppedError();
    }

    private stoppedError(): DevnetError {
        const { failure } = this;
        return new DevnetError(
            'CHAIN_STOPPED',
            `The local network stopped: ${failure instanceof Error ? failure.message : String(failure)}`,
            'Restart it; with --persist it goes on from its last complete block.',
            { cause: failure },
        );
    }
}

/** Stands in for a block's hash: depends on everything in it. */
export function blockId(seqno: number, utime: number, transactions: readonly TransactionRecord[]): Buffer {
    const hash = createHash('sha256').update(`${seqno}|${utime}`);
    for (const transaction of transactions) hash.update(transaction.hash);
    return hash.digest();
}
