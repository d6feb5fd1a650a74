import { Load, type Round, type Target } from './load/round';
import { type Figures, figuresOf, median, round } from './load/statistics';

export interface Plan {
    readonly clients: number;
    readonly rounds: number;
    /** Requests of a round, for each variant. */
    readonly requests: number;
}

/** A target, asked for one answer or for a stream. */
export interface Variant {
    readonly target: Target;
    readonly stream: boolean;
}

/** What a variant did, beside the engine asked directly in the same way. */
export interface Measured extends Figures {
    /** Milliseconds on top of the direct answer, at the same percentile. */
    readonly addedP50: number;
    readonly addedP99: number;
}

export interface Comparison {
    readonly clients: number;
    /** By name of the variant. */
    readonly figures: Readonly<Record<string, Measured>>;
    /** Requests per second of the rounds, in their order, by name of the variant. */
    readonly perRound: Readonly<Record<string, readonly number[]>>;
    /** Requests to each target, those that warmed it up included. */
    readonly sent: Readonly<Record<string, number>>;
}

/**
 * The same load on all variants by turns, round by round: what else runs on the machine meets all alike. The first round
 * warms everything up and does not count.
 */
export async function compare(plan: Plan, variants: readonly Variant[]): Promise<Comparison> {
    const rounds = new Map<Variant, Round[]>(variants.map((variant) => [variant, []]));
    for (let number = 0; number <= plan.rounds; number++) {
        // Forwards and backwards, so that none always follows the same other.
        for (const variant of number % 2 === 0 ? variants : variants.toReversed()) {
            const done = await measureRound(plan, variant);
            if (number > 0) rounds.get(variant)!.push(done);
        }
    }
    const figures = new Map(variants.map((variant) => [variant, figuresOf(rounds.get(variant)!)]));
    const entries = variants.map((variant) => {
        const base = variants.find(
            ({ target, stream }) => target.name === 'direct' && stream === variant.stream,
        )!;
        return [nameOf(variant), added(figures.get(variant)!, figures.get(base)!)] as const;
    });
    const sent: Record<string, number> = {};
    for (const { target } of variants) {
        sent[target.name] = (sent[target.name] ?? 0) + (plan.rounds + 1) * plan.requests;
    }
    return {
        clients: plan.clients,
        sent,
        figures: Object.fromEntries(entries),
        perRound: Object.fromEntries(
            variants.map((variant) => [nameOf(variant), rounds.get(variant)!.map(perSecond)] as const),
        ),
    };
}

/** How many times the requests per second of one variant another one gets through, median of the rounds. */
export function ratio({ perRound }: Comparison, variant: string, to: string): number {
    return round(median(perRound[variant]!.map((value, i) => value / perRound[to]![i]!)));
}

function nameOf({ target, stream }: Variant): string {
    return stream ? `${target.name} streamed` : target.name;
}

async function measureRound({ clients, requests }: Plan, { target, stream }: Variant): Promise<Round> {
    // New connections each time: servers close those that wait for the other variants. Opening them is not measured.
    const load = await Load.open(target, clients, stream);
    try {
        return await load.run(requests);
    } finally {
        load.close();
    }
}

function added(figures: Figures, direct: Figures): Measured {
    return {
        ...figures,
        addedP50: round(figures.p50 - direct.p50),
        addedP99: round(figures.p99 - direct.p99),
    };
}

function perSecond({ total, seconds }: Round): number {
    return total.length / seconds;
}
