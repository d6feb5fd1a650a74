import type { Database } from '../db';
import { messageOf } from '../errors';
import { ApiError } from '../http/api-error';
import type { ApiKey } from '../keys';
import type { Logger } from '../observability';
import { giveBack, reserve } from './blocks';

export interface BudgetsOptions {
    database: Database;
    logger: Logger;
    /** Owner of the blocks: this process. */
    process: string;
    /** What is reserved at a time, nanoTON. */
    block: bigint;
    /** A block that was not used for so long is given back. */
    idleMs: number;
    /** Milliseconds, never set back. */
    now?: () => number;
}

/** What a budget holds for one request, in nanoTON. */
export interface Hold {
    readonly amount: bigint;
    /** Of the block that pays; null for a key without a budget. */
    readonly period: string | null;
    /** Ends it: what was not spent is free again, in this process. */
    settle(price: bigint): void;
}

/** No budget: nothing to hold. */
const UNLIMITED: Hold = { amount: 0n, period: null, settle: () => undefined };

type Block = { period: string; endsAt: number; left: bigint; usedAt: number };

/**
 * Budgets of keys. Money is reserved in the database in blocks, ahead of use: a request takes from the block in memory and
 * waits for the database only when the block is short. All blocks of all processes together never exceed a budget.
 */
export class Budgets {
    readonly #options: Required<BudgetsOptions>;
    readonly #blocks = new Map<string, Block>();
    readonly #refills = new Map<string, Promise<boolean>>();
    readonly #timer: NodeJS.Timeout;

    constructor(options: BudgetsOptions) {
        this.#options = { now: () => performance.now(), ...options };
        this.#timer = setInterval(() => this.returnIdle(), Math.max(1_000, options.idleMs / 2));
        this.#timer.unref();
    }

    /**
     * Holds `wanted` for a request, or, where `flexible`, what is left if that is less. Synchronous while the block
     * suffices. Throws ApiError `budget_exceeded` or `max_tokens_over_budget`.
     */
    hold(key: ApiKey, wanted: bigint, flexible: boolean): Hold | Promise<Hold> {
        if (key.budgetTotal === null && key.budgetPeriod === null) return UNLIMITED;
        const block = this.#current(key.id);
        if (block === undefined || block.left < wanted) return this.#holdLater(key, wanted, flexible);
        if (block.left - wanted < this.#options.block / 2n) this.#refillAhead(key.id);
        return this.#take(key.id, block, wanted);
    }

    /** Gives back what no request has used for a while. */
    returnIdle(): void {
        const { now, idleMs } = this.#options;
        for (const [key, block] of this.#blocks) {
            if (now() - block.usedAt >= idleMs || now() >= block.endsAt) this.#return(key, block);
        }
    }

    /** Stops refilling. The blocks are settled by the ledger, see `settleProcess`. */
    close(): void {
        clearInterval(this.#timer);
        this.#blocks.clear();
    }

    #current(key: string): Block | undefined {
        const block = this.#blocks.get(key);
        if (block === undefined || this.#options.now() < block.endsAt) return block;
        this.#return(key, block);
        return undefined;
    }

    async #holdLater(key: ApiKey, wanted: bigint, flexible: boolean): Promise<Hold> {
        for (;;) {
            const before = this.#current(key.id)?.left ?? 0n;
            const grown = await this.#refill(key.id, wanted - before);
            const block = this.#current(key.id);
            if (block !== undefined && block.left >= wanted) return this.#take(key.id, block, wanted);
            // Others took meanwhile what was reserved: once more, until the budget itself gives nothing.
            if (grown) continue;
            if (block === undefined || block.left <= 0n) throw new ApiError('budget_exceeded');
            if (!flexible) throw new ApiError('max_tokens_over_budget');
            return this.#take(key.id, block, block.left);
        }
    }

    #take(key: string, block: Block, amount: bigint): Hold {
        block.left -= amount;
        block.usedAt = this.#options.now();
        let settled = false;
        return {
            amount,
            period: block.period,
            settle: (price) => {
                if (settled) return;
                settled = true;
                const rest = amount - price;
                // Of a block that ended meanwhile the rest is freed with the block, by the ledger.
                if (this.#blocks.get(key) === block && rest > 0n) block.left += rest;
            },
        };
    }

    #refillAhead(key: string): void {
        this.#refill(key, 1n).catch((error: unknown) => {
            this.#options.logger.warn({ reason: messageOf(error) }, 'a budget could not be reserved ahead');
        });
    }

    /** Whether the block grew. One at a time for each key. */
    #refill(key: string, missing: bigint): Promise<boolean> {
        const running = this.#refills.get(key);
        if (running) return running;
        const refill = this.#reserve(key, missing).finally(() => this.#refills.delete(key));
        this.#refills.set(key, refill);
        return refill;
    }

    async #reserve(key: string, missing: bigint): Promise<boolean> {
        const { database, process, block: size, now } = this.#options;
        const wanted = missing > size ? missing : size;
        const began = now();
        const granted = await reserve(database, { owner: process, key, wanted });
        if (granted === undefined || granted.amount === 0n) return false;
        const known = this.#blocks.get(key);
        if (known?.period === granted.period) {
            known.left += granted.amount;
            known.usedAt = now();
        } else {
            if (known) this.#return(key, known);
            const endsAt = began + granted.periodLeftMs;
            this.#blocks.set(key, {
                period: granted.period,
                endsAt,
                left: granted.amount,
                usedAt: now(),
            });
        }
        return true;
    }

    #return(key: string, block: Block): void {
        const { database, process, logger } = this.#options;
        const amount = block.left;
        block.left = 0n;
        if (this.#options.now() >= block.endsAt) this.#blocks.delete(key);
        if (amount <= 0n) return;
        // When this fails the amount stays reserved until the process's blocks are settled: late, never twice.
        giveBack(database, { owner: process, key, period: block.period, amount }).catch((error: unknown) => {
            logger.warn({ reason: messageOf(error) }, 'an idle budget block could not be given back');
        });
    }
}
