import type { Cell } from '@ton/core';
import type { BlockPace } from './chain/producer';
import type { DeliveryPolicy } from './chain/types';
import { DevnetError } from './errors';

export interface DevnetOptions {
    /**
     * Milliseconds between blocks; 0 (default) makes a block as soon as there is work; `manual` only by `mine`.
     */
    blockMs?: number | 'manual';
    /** Blocks between sending and delivery, drawn from [min, max]. Default [0, 0]: a whole trace in one block. */
    hop?: readonly [number, number];
    /** Default `fifo`. */
    order?: DeliveryPolicy['order'];
    /** Makes shuffling, hop delays, losses and contract randomness reproducible. Default 1. */
    seed?: number;
    /** Probability in [0, 1] that an accepted external message is lost. Default 0. */
    dropExternal?: number;
    /** Default 5,000. */
    maxTransactionsPerBlock?: number;
    /** Journal file; the network goes on from where it ended. Default: everything is in memory. */
    persist?: string;
    /** Network configuration. Default `currentNetworkConfig()`. */
    config?: Cell;
    /** Wall clock, milliseconds since the epoch. Default `Date.now`. */
    clock?: () => number;
    /** Hears of a failure outside any call, such as a full disk. Later calls fail with it too. */
    onError?: (error: unknown) => void;
}

/** What may be changed while the network runs. */
export type PolicyChange = Partial<
    Pick<DeliveryPolicy, 'hop' | 'order' | 'dropExternal' | 'maxTransactionsPerBlock'>
> & {
    /** Restarts the random sequence. */
    seed?: number;
};

const DEFAULT_POLICY: DeliveryPolicy = {
    hop: [0, 0],
    order: 'fifo',
    dropExternal: 0,
    maxTransactionsPerBlock: 5_000,
};

/** @throws DevnetError INVALID_OPTION */
export function policyFrom(options: PolicyChange, base: DeliveryPolicy = DEFAULT_POLICY): DeliveryPolicy {
    const policy: DeliveryPolicy = {
        hop: options.hop ?? base.hop,
        order: options.order ?? base.order,
        dropExternal: options.dropExternal ?? base.dropExternal,
        maxTransactionsPerBlock: options.maxTransactionsPerBlock ?? base.maxTransactionsPerBlock,
    };
    const [min, max] = policy.hop;
    check(isCount(min) && isCount(max) && min <= max, 'hop', 'two whole numbers of blocks, 0 ≤ min ≤ max');
    check(policy.order === 'fifo' || policy.order === 'shuffle', 'order', '"fifo" or "shuffle"');
    check(policy.dropExternal >= 0 && policy.dropExternal <= 1, 'dropExternal', 'a probability from 0 to 1');
    check(
        isCount(policy.maxTransactionsPerBlock) && policy.maxTransactionsPerBlock > 0,
        'maxTransactionsPerBlock',
        'a whole number above 0',
    );
    return policy;
}

/** @throws DevnetError INVALID_OPTION */
export function paceFrom(blockMs: number | 'manual' = 0): BlockPace {
    if (blockMs === 'manual') return { kind: 'manual' };
    check(isCount(blockMs), 'blockMs', 'a whole number of milliseconds, 0 or more');
    return blockMs === 0 ? { kind: 'instant' } : { kind: 'interval', ms: blockMs };
}

/** @throws DevnetError INVALID_OPTION */
export function checkSeed(seed: number): number {
    check(Number.isSafeInteger(seed), 'seed', 'a whole number');
    return seed;
}

export function check(condition: boolean, option: string, expected: string): asserts condition {
    if (condition) return;
    throw new DevnetError('INVALID_OPTION', `The value of ${option} is not usable.`, `Give ${expected}.`);
}

function isCount(value: unknown): value is number {
    return Number.isSafeInteger(value) && (value as number) >= 0;
}
