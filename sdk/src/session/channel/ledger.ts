import { priceOf, type SessionPrices, type TokenUsage } from '../wire/price';

const PER_TOKENS = 1_000_000n;
/** From so many running requests on a client signs ahead. */
const MANY_REQUESTS = 8;

/** A request as paying sees it. Token counts in tokens. */
export type RunningRequest = {
    readonly prices: SessionPrices;
    /** Prompt tokens that the client expects (more once the node asked for more), and the most that it believes. */
    promptEstimate: number;
    readonly promptBound: number;
    /** Limit of completion tokens; undefined where the request names none, 0 for embeddings. */
    readonly limit: number | undefined;
    /** Receipts so far: the present chunk is the next one. */
    chunks: number;
    /** As the last receipt says. */
    usage: TokenUsage | undefined;
};

/**
 * What a client owes for one allocation, as `Paying` of docs/spec/session.md counts it. All amounts in nanoTON.
 *
 * `settled` is what ended requests cost for certain. `doubt` is what they may have cost more: of a request that the client
 * left early it knows the last receipt, and that the node never went beyond the chunk that was paid.
 */
export class Ledger {
    private readonly running = new Map<RunningRequest, Due>();
    private settled = 0n;
    private doubt = 0n;

    /** What the node demands before the present chunks of all running requests, as far as the client knows. */
    need(chunkTokens: number): bigint {
        let total = this.settled;
        for (const [request, due] of this.running) total += due.of(request, chunkTokens);
        return total;
    }

    /**
     * What to sign beyond `need` at once, so that a client with many requests at a time need not sign for each: an eighth of
     * what is prepaid anyway, and nothing where few requests run.
     */
    margin(chunkTokens: number): bigint {
        if (this.running.size < MANY_REQUESTS) return 0n;
        return (this.need(chunkTokens) - this.settled) / 8n;
    }

    /** The most that the node can rightly demand. It serves nothing unpaid, so that doubts end at what is `signed`. */
    bound(chunkTokens: number, signed: bigint): bigint {
        const unspent = signed > this.settled ? signed - this.settled : 0n;
        let total = this.settled + (this.doubt < unspent ? this.doubt : unspent);
        for (const request of this.running.keys()) total += dueFor(request, request.promptBound, chunkTokens);
        return total;
    }

    begin(request: RunningRequest): void {
        this.running.set(request, new Due());
    }

    /** The request ended at what its last receipt says. */
    settle(request: RunningRequest): void {
        if (!this.running.delete(request)) return;
        this.settled += priceSoFar(request);
    }

    /** The client stopped reading; the node may have gone on to the end of the chunk. */
    abandon(request: RunningRequest, chunkTokens: number): void {
        if (!this.running.has(request)) return;
        this.doubt += dueFor(request, request.promptBound, chunkTokens) - priceSoFar(request);
        this.settle(request);
    }

    /** The node refused the request before any work. */
    drop(request: RunningRequest): void {
        this.running.delete(request);
    }

    /**
     * A demand within the bound will be paid for `request`: what is beyond `need` settles doubts first. The rest is a prompt
     * that the node takes for longer, and it will go on to do so in the chunks that follow.
     */
    accept(demand: bigint, chunkTokens: number, request: RunningRequest): void {
        const excess = demand - this.need(chunkTokens);
        if (excess <= 0n) return;
        const resolved = excess < this.doubt ? excess : this.doubt;
        this.settled += resolved;
        this.doubt -= resolved;
        const { prompt: price } = request.prices;
        if (price === 0n) return;
        const longer = Number(((excess - resolved) * PER_TOKENS + price - 1n) / price);
        request.promptEstimate = Math.min(request.promptBound, request.promptEstimate + longer);
    }

    /** After a crash: of the `paid` that the node holds it says that `owed` is used up. */
    restore(paid: bigint, owed: bigint): void {
        this.settled = owed < paid ? owed : paid;
        this.doubt = paid - this.settled;
    }
}

/** What is due for one request, computed again only when something in it has changed. */
class Due {
    private amount = 0n;
    private chunks = -1;
    private usage: TokenUsage | undefined;
    private estimate = 0;
    private chunkTokens = 0;

    of(request: RunningRequest, chunkTokens: number): bigint {
        const { chunks, usage, promptEstimate } = request;
        const isSame = chunks === this.chunks && usage === this.usage && promptEstimate === this.estimate;
        if (!isSame || chunkTokens !== this.chunkTokens) {
            this.amount = dueFor(request, promptEstimate, chunkTokens);
            this.chunks = chunks;
            this.usage = usage;
            this.estimate = promptEstimate;
            this.chunkTokens = chunkTokens;
        }
        return this.amount;
    }
}

function priceSoFar(request: RunningRequest): bigint {
    return request.usage === undefined ? 0n : priceOf(request.usage, request.prices);
}

/** Price of a request up to the end of its present chunk. */
function dueFor(request: RunningRequest, prompt: number, chunkTokens: number): bigint {
    const { usage, limit } = request;
    const end = Math.max((request.chunks + 1) * chunkTokens, usage?.completion ?? 0);
    const completion = limit === undefined ? end : Math.min(end, limit);
    // A node whose engine counts the prompt at the end only names none in its receipts, and means its estimate.
    const counted = usage !== undefined && usage.prompt > 0 ? usage : { prompt, cached: 0 };
    return priceOf({ ...counted, completion }, request.prices);
}
