import { Cell, loadTransaction, type Transaction } from '@ton/core';
import type { Accounts } from './accounts';
import { type Emulator, transactionSeed } from './emulator';
import { messageKey, outgoingMessage } from './messages';
import { shuffleKeepingLanes } from './order';
import type { MessageQueue } from './queue';
import type { SeededRandom } from './random';
import type {
    DeliveryPolicy,
    ExternalMessage,
    InternalMessage,
    RawAddress,
    TransactionRecord,
} from './types';

/** A longer stretch of emulation than this (ms) gives the HTTP server a turn. */
const YIELD_AFTER_MS = 20;

type Delivery = { internal: InternalMessage } | { internal?: undefined; external: ExternalMessage };

export interface TouchedAccount {
    shardAccount: string;
    transactions: TransactionRecord[];
}

/** Everything a block does, not yet visible to anybody. */
export interface BlockDraft {
    seqno: number;
    utime: number;
    transactions: TransactionRecord[];
    touched: Map<RawAddress, TouchedAccount>;
    outgoing: InternalMessage[];
    leftoverInternal: InternalMessage[];
    leftoverExternal: ExternalMessage[];
    nextLt: bigint;
    fees: bigint;
    undeliverable: bigint;
    rejected: number;
    dropped: number;
}

export interface BuilderContext {
    emulator: Emulator;
    accounts: Accounts;
    queue: MessageQueue;
    policy: Readonly<DeliveryPolicy>;
    random: SeededRandom;
    seed: number;
}

/** Executes messages one after the other against a private overlay of the account states. */
export class BlockBuilder {
    private readonly draft: BlockDraft;
    private lastYield = performance.now();

    constructor(
        private readonly context: BuilderContext,
        seqno: number,
        utime: number,
        startLt: bigint,
    ) {
        this.draft = {
            seqno,
            utime,
            transactions: [],
            touched: new Map(),
            outgoing: [],
            leftoverInternal: [],
            leftoverExternal: [],
            nextLt: startLt,
            fees: 0n,
            undeliverable: 0n,
            rejected: 0,
            dropped: 0,
        };
    }

    async build(
        internal: readonly InternalMessage[],
        external: readonly ExternalMessage[],
    ): Promise<BlockDraft> {
        const { draft } = this;
        const { policy } = this.context;
        const work = this.ordered([
            ...internal.map((message) => ({ internal: message })),
            ...external.map((message) => ({ external: message })),
        ]);
        for (let i = 0; i < work.length; i++) {
            const delivery = work[i]!;
            if (draft.transactions.length >= policy.maxTransactionsPerBlock) this.leave(delivery);
            else if (delivery.internal) work.push(...(await this.deliver(delivery.internal)));
            else work.push(...(await this.include(delivery.external)));
            await this.yieldIfLong();
        }
        return draft;
    }

    private ordered(work: Delivery[]): Delivery[] {
        const { policy, random } = this.context;
        if (policy.order === 'fifo') return work;
        return shuffleKeepingLanes(work, (delivery) => delivery.internal, random);
    }

    private leave(delivery: Delivery): void {
        if (delivery.internal) this.draft.leftoverInternal.push(delivery.internal);
        else this.draft.leftoverExternal.push(delivery.external);
    }

    /** @returns the messages it caused that this same block delivers */
    private async deliver(message: InternalMessage): Promise<Delivery[]> {
        const transaction = await this.execute(message.cell, message.destination, message);
        if (!transaction) {
            this.draft.undeliverable += message.value + message.forwardFee;
            return [];
        }
        // Validators collect the forward fee that the sender prepaid when they import the message.
        this.draft.fees += message.forwardFee;
        return this.route(transaction);
    }

    private async include(message: ExternalMessage): Promise<Delivery[]> {
        const { policy, random } = this.context;
        if (policy.dropExternal > 0 && random.next() < policy.dropExternal) {
            this.draft.dropped++;
            return [];
        }
        const transaction = await this.execute(message.cell, message.destination);
        if (!transaction) {
            this.draft.rejected++;
            return [];
        }
        return this.route(transaction);
    }

    private async execute(
        message: Cell,
        address: RawAddress,
        internal?: InternalMessage,
    ): Promise<Transaction | undefined> {
        const { emulator, seed } = this.context;
        const { draft } = this;
        const outcome = await emulator.runTransaction({
            message,
            address,
            shardAccount: this.shardAccount(address),
            now: draft.utime,
            lt: draft.nextLt,
            randomSeed: transactionSeed(seed, draft.seqno, address),
        });
        if (!outcome.accepted) return undefined;
        const boc = Buffer.from(outcome.transaction, 'base64');
        const cell = Cell.fromBoc(boc)[0]!;
        const transaction = loadTransaction(cell.beginParse());
        this.record(outcome.shardAccount, {
            address,
            lt: transaction.lt,
            hash: cell.hash(),
            utime: draft.utime,
            boc,
            seqno: draft.seqno,
            inMessage: internal && messageKey(internal.source, internal.destination, internal.createdLt),
        });
        draft.nextLt = transaction.lt + BigInt(transaction.outMessagesCount) + 1n;
        draft.fees += transaction.totalFees.coins;
        return transaction;
    }

    private shardAccount(address: RawAddress): string {
        return (
            this.draft.touched.get(address)?.shardAccount ?? this.context.accounts.get(address).shardAccount
        );
    }

    private record(shardAccount: string, record: TransactionRecord): void {
        const { draft } = this;
        draft.transactions.push(record);
        const touched = draft.touched.get(record.address);
        if (touched) {
            touched.shardAccount = shardAccount;
            touched.transactions.push(record);
        } else {
            draft.touched.set(record.address, { shardAccount, transactions: [record] });
        }
    }

    /** Sends on what a transaction put out; returns what is due in this very block. */
    private route(transaction: Transaction): Delivery[] {
        const { queue, policy, random } = this.context;
        const now: Delivery[] = [];
        for (const message of transaction.outMessages.values()) {
            const outgoing = outgoingMessage(message);
            if (!outgoing) continue;
            const scheduled = queue.schedule(outgoing, this.draft.seqno, policy.hop, random);
            if (scheduled.dueSeqno === this.draft.seqno && !queue.isHeld(scheduled)) {
                now.push({ internal: scheduled });
            } else {
                this.draft.outgoing.push(scheduled);
            }
        }
        return now;
    }

    private async yieldIfLong(): Promise<void> {
        if (performance.now() - this.lastYield < YIELD_AFTER_MS) return;
        await new Promise<void>((resolve) => setImmediate(resolve));
        this.lastYield = performance.now();
    }
}
