import { type Clock, Deadline } from '../utils';
import { type AnswerEnd, RunningAnswer } from './answer';
import type { CostEstimate } from './cost';
import type { ReadyChannel } from './funding/pool';
import type { Offering, Route } from './routing/router';
import type { InferenceAnswer, InferenceEvent, InferenceRequest, ServedModelInfo } from './types';

export type AttemptParts = {
    readonly clock: Clock;
    readonly firstTokenTimeoutMs: number;
    readonly onEvent: (event: InferenceEvent) => void;
    /** Money was spent on a channel. */
    readonly onSpent: (channel: ReadyChannel) => void;
    readonly onLie: (route: Route, error: unknown) => void;
    /** The number of running answers changed by this. */
    readonly onRunning: (change: 1 | -1) => void;
};

export type Attempt = {
    readonly request: InferenceRequest;
    readonly offering: Offering & { readonly served: ServedModelInfo };
    readonly estimate: CostEstimate;
    readonly route: Route;
    readonly channel: ReadyChannel;
};

/** An attempt that has delivered nothing. `timedOut`: nobody said anything, and time was up. */
export class AttemptError extends Error {
    constructor(
        override readonly cause: unknown,
        readonly timedOut: boolean,
    ) {
        super('attempt');
    }
}

/** Deltas after which it is looked whether an allocation runs low while it streams. */
const LOOK_EVERY = 32;

/** Asks one node. Resolves when its first delta, or end, is there; else throws AttemptError. */
export async function attempt(parts: AttemptParts, attempted: Attempt): Promise<InferenceAnswer> {
    const { clock } = parts;
    const { request, route, channel } = attempted;
    const startedAt = clock.now();
    const deadline = new Deadline(parts.firstTokenTimeoutMs, { source: request.signal, clock });
    route.stats.started(startedAt);
    parts.onRunning(1);
    try {
        const session = await channel.session.request(sessionRequest(attempted, deadline.signal));
        const iterator = session[Symbol.asyncIterator]();
        const first = await iterator.next();
        deadline.met();
        const firstAt = clock.now();
        route.stats.firstDelta(firstAt - startedAt, firstAt);
        let deltas = 0;
        return new RunningAnswer({
            node: route.node,
            model: attempted.offering.served,
            prices: route.prices,
            createdAt: Math.floor(startedAt / 1_000),
            session,
            iterator,
            first,
            onDelta() {
                deltas += 1;
                if (deltas % LOOK_EVERY === 0) parts.onSpent(channel);
            },
            onEnd(end) {
                deadline.release();
                ended(parts, attempted, end, startedAt, firstAt);
            },
        });
    } catch (error) {
        deadline.release();
        parts.onRunning(-1);
        throw new AttemptError(error, deadline.timedOut);
    }
}

function sessionRequest({ request, offering, estimate, route }: Attempt, signal: AbortSignal) {
    const affordable = estimate.affordable(route.prices);
    return {
        task: request.task,
        modelId: offering.id,
        body: request.body,
        prices: route.prices,
        // Without a limit in the body the budget is the limit.
        maxCompletionTokens:
            estimate.limit === undefined && affordable !== undefined && affordable < route.contextLength
                ? affordable
                : undefined,
        keepEvidence: request.keepEvidence,
        signal,
    };
}

function ended(
    parts: AttemptParts,
    attempted: Attempt,
    end: AnswerEnd,
    startedAt: number,
    firstAt: number,
): void {
    const { route, offering, channel } = attempted;
    const now = parts.clock.now();
    const place = { node: route.node, model: offering.model.name };
    if (end.kind === 'answered') {
        const { usage, price } = end.result;
        route.stats.answered(usage.completion, now - firstAt, now);
        const times = { firstTokenMs: firstAt - startedAt, totalMs: now - startedAt };
        parts.onEvent({ type: 'answered', ...place, ...times, tokens: usage.completion, price });
    } else if (end.kind === 'failed') {
        route.stats.failed(now);
        parts.onLie(route, end.error);
        parts.onEvent({ type: 'interrupted', ...place, code: codeOf(end.error), price: end.price });
    } else {
        route.stats.undecided();
        parts.onEvent({ type: 'interrupted', ...place, code: 'operation_aborted', price: end.price });
    }
    parts.onRunning(-1);
    parts.onSpent(channel);
}

/** Stable code of an error, for events. */
export function codeOf(error: unknown): string {
    const code = (error as { code?: unknown } | null)?.code;
    return typeof code === 'string' ? code : 'internal_error';
}
