import {
    ITEM_OVERHEAD_BYTES,
    MAX_INLINE_BYTES,
    MAX_ITEM_BYTES,
    MAX_ITEMS,
    type ServedModelInfo,
} from 'cocoon-sdk';
import type { GatewayConfig } from '../config';
import type { BatchLine } from './lines';

/** One job of a batch, not prepared yet. */
export interface PlannedJob {
    readonly model: string;
    /** Indexes of lines. */
    readonly lines: readonly number[];
    /** nanoTON. */
    readonly maxPrice: bigint;
}

const HEADER_BYTES = 5;
const LENGTH_BYTES = 4;
const PER = 1_000_000n;
/** What a job's answer can be when its request names no limit. */
const DEFAULT_TOKENS = 1_024;

export interface PlanOptions {
    config: Pick<
        GatewayConfig['batches'],
        'feesPerJob' | 'minPricePerItem' | 'maxPricePerItem' | 'priceMargin' | 'publicUrl'
    >;
    /** By name. */
    models: ReadonlyMap<string, ServedModelInfo>;
}

/** Whether a line fits a job at all. */
export function fitsJob(line: BatchLine, publicUrl: string | undefined): boolean {
    const sealed = line.bytes + ITEM_OVERHEAD_BYTES;
    if (sealed > MAX_ITEM_BYTES) return false;
    return publicUrl !== undefined || HEADER_BYTES + LENGTH_BYTES + sealed <= MAX_INLINE_BYTES;
}

/** Packs lines into as few jobs as possible: one model each, within the limits of jobs and, unless batches are published, of a message. */
export function planJobs(lines: readonly BatchLine[], { config, models }: PlanOptions): PlannedJob[] {
    const byModel = new Map<string, BatchLine[]>();
    for (const line of lines) {
        const group = byModel.get(line.model);
        if (group) group.push(line);
        else byModel.set(line.model, [line]);
    }
    return [...byModel].flatMap(([model, group]) =>
        pack(group, config.publicUrl === undefined ? MAX_INLINE_BYTES : Number.MAX_SAFE_INTEGER).map(
            (part) => ({
                model,
                lines: part.map(({ index }) => index),
                maxPrice: part.reduce(
                    (sum, line) => sum + itemPrice(line, models.get(model), config),
                    config.feesPerJob,
                ),
            }),
        ),
    );
}

function pack(lines: readonly BatchLine[], maxBytes: number): BatchLine[][] {
    const jobs: BatchLine[][] = [];
    let current: BatchLine[] = [];
    let size = HEADER_BYTES;
    for (const line of lines) {
        const bytes = LENGTH_BYTES + line.bytes + ITEM_OVERHEAD_BYTES;
        if (current.length > 0 && (current.length >= MAX_ITEMS || size + bytes > maxBytes)) {
            jobs.push(current);
            current = [];
            size = HEADER_BYTES;
        }
        current.push(line);
        size += bytes;
    }
    if (current.length > 0) jobs.push(current);
    return jobs;
}

/** What a line may cost, in nanoTON: the nodes' cheapest price with a margin, within the configured bounds. */
function itemPrice(
    line: BatchLine,
    model: ServedModelInfo | undefined,
    config: PlanOptions['config'],
): bigint {
    const { minPricePerItem: least, maxPricePerItem: most, priceMargin } = config;
    if (model === undefined) return least;
    const tokens = BigInt(line.request?.max_tokens ?? DEFAULT_TOKENS);
    const price = (BigInt(line.bytes) * model.prices.prompt + tokens * model.prices.completion) / PER;
    const offered = (price * BigInt(Math.ceil(priceMargin * 100))) / 100n;
    if (offered < least) return least;
    return offered > most ? most : offered;
}
