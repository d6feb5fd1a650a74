import { AbortedError } from '../errors';
import { SessionViolationError } from '../session';
import { type Clock, unlessAborted } from '../utils';
import { type Attempt, AttemptError, type AttemptParts, attempt, codeOf } from './attempt';
import { assertAffordable, type CostEstimate, estimateCost } from './cost';
import { NoNodeError } from './errors';
import { Failures } from './failures';
import type { ChannelPool, Need, ReadyChannel } from './funding/pool';
import { type Directory, findModel } from './nodes/directory';
import { type Outcome, outcomeOf } from './outcome';
import { conversationOf } from './routing/conversation';
import type { Offering, Route, Router } from './routing/router';
import type {
    InferenceAnswer,
    InferenceEvent,
    InferenceRequest,
    ServedModelInfo,
    TokenPrices,
} from './types';

export type RunnerParts = {
    readonly directory: Directory;
    readonly router: Router;
    readonly pool: ChannelPool;
    readonly clock: Clock;
    readonly maxAttempts: number;
    readonly firstTokenTimeoutMs: number;
    /** Nodes that are funded when none is. */
    readonly initialNodes: number;
    /** nanoTON. */
    readonly maxPerNode: bigint;
    readonly onEvent: (event: InferenceEvent) => void;
    readonly onRunning: (change: 1 | -1) => void;
};

/** Waits for a node to see a new allocation: how often, how long. */
const CHAIN_TRIES = 30;
const CHAIN_PAUSE_MS = 1_000;
/** Repairs of other kinds in one request. */
const REPAIRS = 4;

/** One request on its way from node to node, until one of them answers. */
export class Runner {
    private readonly attempts: AttemptParts;

    constructor(private readonly parts: RunnerParts) {
        const { clock, firstTokenTimeoutMs, onEvent, onRunning, pool } = parts;
        this.attempts = {
            clock,
            firstTokenTimeoutMs,
            onEvent,
            onRunning,
            onSpent: (channel) => pool.spent(channel),
            onLie: (route, error) => this.banLiar(route, error),
        };
    }

    /** See Inference.run. */
    async run(request: InferenceRequest): Promise<InferenceAnswer> {
        const estimate = estimateCost(request);
        const conversation = conversationOf(request);
        const failures = new Failures();
        const tried = new Set<string>();
        let minContext = 0;
        let chainTries = 0;
        let repairs = 0;
        let again: Route | undefined;
        while (tried.size < this.parts.maxAttempts) {
            if (request.signal?.aborted) throw new AbortedError();
            const offering = await this.offering(request.model);
            const { routes } = offering;
            assertAffordable(
                estimate,
                request.maxCost,
                routes.map(({ prices }) => prices),
            );
            const usable = this.parts.router.usable(routes, estimate, tried, minContext);
            const route = again === undefined ? undefined : routes.find(({ node }) => node === again?.node);
            const picked = await this.pick(
                route === undefined ? usable : [route],
                estimate,
                conversation,
                request.signal,
            );
            if (picked === undefined)
                throw failures.error(request.model, routes, estimate, this.parts.clock.now());
            again = undefined;
            try {
                return await this.attempt(
                    { request, estimate, offering, ...picked },
                    tried.size,
                    conversation,
                );
            } catch (error) {
                const cause = error instanceof AttemptError ? error.cause : error;
                const timedOut = error instanceof AttemptError && error.timedOut;
                const outcome: Outcome = timedOut ? { node: 'failed', next: 'next' } : outcomeOf(cause);
                this.learn(picked.route, outcome, cause);
                if (!timedOut && cause instanceof AbortedError) throw cause;
                failures.add(cause, timedOut, outcome);
                if (outcome.next === 'stop') throw failures.final();
                const limit = outcome.repair === 'chain' ? chainTries++ < CHAIN_TRIES : repairs++ < REPAIRS;
                if (outcome.next === 'same' && limit) {
                    await this.repair(outcome, picked, estimate, request);
                    again = picked.route;
                    continue;
                }
                if (outcome.next === 'longer') minContext = picked.route.contextLength + 1;
                tried.add(picked.route.node);
                this.parts.onEvent({
                    type: 'failover',
                    node: picked.route.node,
                    model: offering.model.name,
                    code: codeOf(cause),
                });
            }
        }
        throw failures.final();
    }

    /** Funds the best nodes of a model ahead of the first request. */
    async prepare(name: string): Promise<void> {
        const { routes } = await this.offering(name);
        const estimate = estimateCost({ task: 'chat', model: name, body: {} });
        await this.pick(
            this.parts.router.usable(routes, estimate, new Set(), 0),
            estimate,
            undefined,
            undefined,
        );
    }

    private async offering(name: string): Promise<Offering & { served: ServedModelInfo }> {
        const known = this.parts.directory.get();
        const state = known instanceof Promise ? await known : known;
        const offering = this.parts.router.offering(state, findModel(state, name));
        const { served } = offering;
        if (served === undefined) throw new NoNodeError(offering.model.name);
        return { ...offering, served };
    }

    /** A route with money: one of those that have it, else the first that gets it. */
    private async pick(
        usable: readonly Route[],
        estimate: CostEstimate,
        conversation: number | undefined,
        signal: AbortSignal | undefined,
    ): Promise<{ route: Route; channel: ReadyChannel } | undefined> {
        const { pool, router } = this.parts;
        const ready = usable.filter(
            ({ entry, prices }) => pool.ready(entry, this.need(estimate, prices).wanted) !== undefined,
        );
        const route = router.choose(ready, conversation);
        const channel = route && pool.ready(route.entry, 0n);
        if (route !== undefined && channel !== undefined) {
            this.explore(usable, ready, estimate);
            return { route, channel };
        }
        return this.fund(usable, estimate, conversation, signal);
    }

    private async fund(
        usable: readonly Route[],
        estimate: CostEstimate,
        conversation: number | undefined,
        signal: AbortSignal | undefined,
    ): Promise<{ route: Route; channel: ReadyChannel } | undefined> {
        const { pool, router, initialNodes } = this.parts;
        const chosen = router.chooseSome(usable, initialNodes, conversation);
        if (chosen.length === 0) return undefined;
        const funding = chosen.map(async (route) => {
            return { route, channel: await pool.prepare(route.entry, this.need(estimate, route.prices)) };
        });
        try {
            return await unlessAborted(Promise.any(funding), signal, () => new AbortedError());
        } catch (error) {
            // Where the whole answer cannot be paid, its beginning still may.
            const poor = usable.filter(
                ({ entry, prices }) => pool.ready(entry, estimate.minimum(prices)) !== undefined,
            );
            const route = error instanceof AggregateError ? router.choose(poor, conversation) : undefined;
            const channel = route && pool.ready(route.entry, 0n);
            if (route !== undefined && channel !== undefined) return { route, channel };
            throw error instanceof AggregateError ? error.errors[0] : error;
        }
    }

    /** Nodes without money cannot prove themselves: now and then one gets some. */
    private explore(usable: readonly Route[], ready: readonly Route[], estimate: CostEstimate): void {
        if (ready.length === usable.length) return;
        const route = this.parts.router.exploration(usable.filter((other) => !ready.includes(other)));
        if (route === undefined) return;
        this.parts.pool.prepareBehind(route.entry, this.need(estimate, route.prices));
    }

    /** What is not known to be needed is no reason to refuse. */
    private need(estimate: CostEstimate, prices: TokenPrices): Need {
        const { maxPerNode } = this.parts;
        const expected = estimate.expected(prices);
        return { wanted: expected < maxPerNode ? expected : maxPerNode, minimum: estimate.minimum(prices) };
    }

    private async attempt(
        attempted: Attempt,
        number: number,
        conversation: number | undefined,
    ): Promise<InferenceAnswer> {
        const { route, offering } = attempted;
        this.parts.onEvent({
            type: 'attempt',
            node: route.node,
            model: offering.model.name,
            attempt: number + 1,
        });
        const answer = await attempt(this.attempts, attempted);
        this.parts.router.stick(conversation, route.node);
        return answer;
    }

    private learn(route: Route, { node, retryMs = 0 }: Outcome, error: unknown): void {
        const now = this.parts.clock.now();
        const before = route.stats.breaker.state(now);
        if (node === 'failed' || node === 'lied') route.stats.failed(now);
        else route.stats.undecided();
        if (node === 'busy') route.stats.busy(retryMs, now);
        const after = route.stats.breaker.state(now);
        if (after !== before) this.parts.onEvent({ type: 'breaker', node: route.node, state: after });
        this.banLiar(route, error);
    }

    private banLiar(route: Route, error: unknown): void {
        if (!(error instanceof SessionViolationError)) return;
        const untilMs = route.stats.ban(this.parts.clock.now());
        this.parts.onEvent({ type: 'node_banned', node: route.node, code: error.violation, untilMs });
    }

    private async repair(
        { repair }: Outcome,
        { route, channel }: { route: Route; channel: ReadyChannel },
        estimate: CostEstimate,
        { signal }: InferenceRequest,
    ): Promise<void> {
        if (repair === 'directory') await this.parts.directory.refresh().catch(() => undefined);
        else if (repair === 'channel') await this.parts.pool.abandon(channel);
        else if (repair === 'chain') await this.parts.clock.sleep(CHAIN_PAUSE_MS, signal);
        else if (repair === 'funds') {
            const left = channel.session.left();
            const { wanted, minimum } = this.need(estimate, route.prices);
            const more = this.parts.pool.prepare(route.entry, {
                wanted: left + wanted,
                minimum: left + minimum,
            });
            await unlessAborted(more, signal, () => new AbortedError());
        }
    }
}
