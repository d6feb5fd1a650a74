import type { JobSpec } from 'cocoon-wrappers';
import type { Policy, Pricing } from '../../config';

/** Answers are assumed this long, in tokens, where only the number of items is known before the claim. */
const EXPECTED_COMPLETION_TOKENS = 256n;
/** What one token has on average, bytes of UTF-8. */
const BYTES_PER_TOKEN = 4n;
const TOKENS_PER_PRICE = 1_000_000n;
const BPS = 10_000n;

export interface PriceInputs {
    spec: JobSpec;
    pricing: Pricing;
    policy: Pick<Policy, 'minProfit'>;
    /** Protocol fee on what the node earns, basis points. */
    feeBps: number;
    /** nanoTON */
    messageCost: bigint;
    /** Bytes of all requests together; 0 while they are not fetched. */
    inputBytes: number;
}

/** The least price at which a job is worth taking, nanoTON: the highest of pay per item, per token, and cost plus profit. */
export function minimumPrice(inputs: PriceInputs): bigint {
    const { spec, pricing, policy, feeBps, messageCost, inputBytes } = inputs;
    const items = BigInt(spec.items);
    const byItem = items * pricing.minPricePerItem;
    const promptTokens = BigInt(inputBytes) / BYTES_PER_TOKEN;
    const byToken =
        (promptTokens * pricing.promptPer1M + items * EXPECTED_COMPLETION_TOKENS * pricing.completionPer1M) /
        TOKENS_PER_PRICE;
    const kept = BPS - BigInt(feeBps);
    const byProfit = ((policy.minProfit + messageCost) * BPS + kept - 1n) / kept;
    return [byItem, byToken, byProfit].reduce((a, b) => (a > b ? a : b));
}

/**
 * Seconds until a rising price reaches `target`, from its present value; 0 when it has, undefined when it never will.
 */
export function secondsUntilPrice(spec: JobSpec, present: bigint, target: bigint): number | undefined {
    if (present >= target) return 0;
    if (spec.maxPrice < target) return undefined;
    const climb = spec.maxPrice - spec.startPrice;
    const missing = (target - present) * BigInt(spec.rampSeconds);
    return Number((missing + climb - 1n) / climb);
}
