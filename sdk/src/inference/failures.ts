import { isCocoonError } from '../errors';
import { SessionRefusedError } from '../session';
import type { CostEstimate } from './cost';
import {
    ContextLengthError,
    NodesBusyError,
    NodesFailedError,
    NodesTimeoutError,
    NoNodeError,
    RequestParameterError,
} from './errors';
import type { Outcome } from './outcome';
import type { Route } from './routing/router';

/** What went wrong on the way through the nodes, and what the caller is told of it in the end. */
export class Failures {
    private readonly all: { error: unknown; timedOut: boolean; outcome: Outcome }[] = [];

    add(error: unknown, timedOut: boolean, outcome: Outcome): void {
        this.all.push({ error, timedOut, outcome });
    }

    /** When there is nobody (else) to ask: tells a request that is too long and a crowd that is busy from a network without nodes. */
    error(model: string, routes: readonly Route[], { limit = 0 }: CostEstimate, now: number): Error {
        if (this.all.length > 0) return this.final();
        const contextLength = Math.max(...routes.map((route) => route.contextLength));
        if (limit > contextLength) return new ContextLengthError(contextLength);
        const free = routes.map(({ stats }) => stats.freeAt()).filter((at) => at > now);
        if (free.length > 0) return new NodesBusyError((Math.min(...free) - now) / 1_000);
        return new NoNodeError(model);
    }

    /** After the last attempt. */
    final(): Error {
        const last = this.all.at(-1);
        if (last === undefined) return new NodesFailedError(0);
        const { error: cause, outcome } = last;
        if (outcome.next === 'stop') return stopError(cause);
        if (this.all.every((failure) => failure.outcome.node === 'busy')) {
            const retryMs = Math.min(...this.all.map((failure) => failure.outcome.retryMs ?? 1_000));
            return new NodesBusyError(retryMs / 1_000, { cause });
        }
        if (outcome.next === 'longer') return new ContextLengthError(undefined, { cause });
        if (this.all.every(({ timedOut }) => timedOut))
            return new NodesTimeoutError(this.all.length, { cause });
        return new NodesFailedError(this.all.length, { cause });
    }
}

function stopError(cause: unknown): Error {
    if (cause instanceof SessionRefusedError) {
        return new RequestParameterError('invalid_value', null, 'The model does not take this request.');
    }
    return isCocoonError(cause) ? cause : new NodesFailedError(1, { cause });
}
