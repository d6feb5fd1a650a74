import type { JobParams, JobSpec } from 'cocoon-wrappers';
import { InvalidArgumentError } from '../../errors';
import type { ChatRequest } from '../../payload';

/** What a client orders. Amounts in nanoTON, times in seconds. Defaults in brackets. */
export type JobOrder = {
    /** SHA-256 of the model's manifest. */
    readonly modelId: bigint;
    /** 1…4,096 requests. */
    readonly items: readonly ChatRequest[];
    /** For the whole job; what a claim does not take of it returns. */
    readonly maxPrice: bigint;
    /** The price rises from here to maxPrice [maxPrice]. */
    readonly startPrice?: bigint;
    /** … over this time [0]. */
    readonly rampSeconds?: number;
    /** What the claimer locks, and loses in part or in whole when it does not deliver [maxPrice]. */
    readonly collateral?: bigint;
    /** Time for a claim [1 h]. Windows are kept within the bounds of the terms by default. */
    readonly claimWindow?: number;
    /** Time for the client to disclose the content key after a claim [1 h]. */
    readonly keyWindow?: number;
    /** Time for the node to submit [1 h]. */
    readonly executionWindow?: number;
    /** Time for the client to review before anyone can have the node paid [1 h]. */
    readonly reviewWindow?: number;
    /** Least stake of the claimer [0]. */
    readonly minStake?: bigint;
    /** Attested image that the claimer must run [none]. */
    readonly image?: bigint;
    /** Unix time before which the job must be opened, at most 30 days ahead [when all windows are over, and 1 h]. */
    readonly openBefore?: number;
    /** Unsigned 64 bits [random]. */
    readonly nonce?: bigint;
    /** Publishes a sealed batch that is too large for a message (16 KB) and resolves with its https URL. */
    readonly publish?: (batch: Uint8Array) => Promise<string>;
};

const DEFAULT_WINDOW = 3_600;

/** The conditions of an order, complete. Throws InvalidArgumentError, which names what the terms do not allow. */
export function orderConditions(order: JobOrder, params: JobParams): Omit<JobSpec, 'inputTop' | 'resultKey'> {
    const window = Math.min(Math.max(DEFAULT_WINDOW, params.minWindow), params.maxWindow);
    const conditions = {
        modelId: order.modelId,
        items: order.items.length,
        startPrice: order.startPrice ?? order.maxPrice,
        maxPrice: order.maxPrice,
        rampSeconds: order.rampSeconds ?? 0,
        collateral: order.collateral ?? smaller(order.maxPrice, params.maxCollateral),
        claimWindow: order.claimWindow ?? window,
        keyWindow: order.keyWindow ?? window,
        executionWindow: order.executionWindow ?? window,
        reviewWindow: order.reviewWindow ?? window,
        minStake: order.minStake ?? 0n,
        image: order.image,
    };
    checkConditions(conditions, params);
    return conditions;
}

function checkConditions(conditions: ReturnType<typeof orderConditions>, params: JobParams): void {
    const { items, maxPrice, startPrice, collateral } = conditions;
    check(items >= 1 && items <= params.maxItems, 'items', `1 to ${params.maxItems} requests`);
    check(maxPrice >= 0n, 'maxPrice', 'at least 0 nanoTON');
    check(startPrice >= 0n && startPrice <= maxPrice, 'startPrice', 'at least 0 and at most maxPrice');
    check(
        collateral >= 0n && collateral <= params.maxCollateral,
        'collateral',
        `at most ${params.maxCollateral} nanoTON`,
    );
    for (const name of ['claimWindow', 'keyWindow', 'executionWindow', 'reviewWindow'] as const) {
        const seconds = conditions[name];
        check(
            Number.isInteger(seconds) && seconds >= params.minWindow && seconds <= params.maxWindow,
            name,
            `${params.minWindow} to ${params.maxWindow} seconds`,
        );
    }
}

function check(condition: boolean, field: string, wanted: string): void {
    if (!condition) {
        throw new InvalidArgumentError(`${field} must be ${wanted} by the terms.`, { details: { field } });
    }
}

function smaller(a: bigint, b: bigint): bigint {
    return a < b ? a : b;
}
