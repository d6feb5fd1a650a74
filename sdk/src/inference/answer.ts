import { AbortedError } from '../errors';
import type { AnswerEvidence, SessionAnswer, SessionResult } from '../session';
import type { InferenceDelta } from './delta';
import { AnswerInterruptedError } from './errors';
import type { InferenceAnswer, InferenceFinal, InferenceUsage, ServedModelInfo, TokenPrices } from './types';

export type AnswerParts = {
    readonly node: string;
    readonly model: ServedModelInfo;
    readonly prices: TokenPrices;
    readonly createdAt: number;
    readonly session: SessionAnswer;
    readonly iterator: AsyncIterator<InferenceDelta>;
    /** What was read to see that the node answers. */
    readonly first: IteratorResult<InferenceDelta>;
    readonly onDelta: () => void;
    readonly onEnd: (end: AnswerEnd) => void;
};

/** How the answer ended, for statistics and money. */
export type AnswerEnd =
    | { readonly kind: 'answered'; readonly result: SessionResult }
    | { readonly kind: 'failed'; readonly error: unknown; readonly price: bigint }
    | { readonly kind: 'left'; readonly price: bigint };

/** A session's answer whose first delta is there, with the node's failures told as failures of the answer. */
export class RunningAnswer implements InferenceAnswer, AsyncIterator<InferenceDelta> {
    readonly final: Promise<InferenceFinal>;
    private first: IteratorResult<InferenceDelta> | undefined;
    private ended = false;

    constructor(private readonly parts: AnswerParts) {
        this.first = parts.first;
        this.final = parts.session.final.then(
            (result) => {
                this.end({ kind: 'answered', result });
                return finalOf(parts.node, result);
            },
            (error) => {
                throw this.failed(error);
            },
        );
        // Whoever reads the deltas learns of it there.
        this.final.catch(() => undefined);
    }

    get node(): string {
        return this.parts.node;
    }

    get model(): ServedModelInfo {
        return this.parts.model;
    }

    get prices(): TokenPrices {
        return this.parts.prices;
    }

    get createdAt(): number {
        return this.parts.createdAt;
    }

    get evidence(): AnswerEvidence | undefined {
        return this.parts.session.evidence;
    }

    [Symbol.asyncIterator](): AsyncIterator<InferenceDelta> {
        return this;
    }

    async next(): Promise<IteratorResult<InferenceDelta>> {
        const { first } = this;
        if (first !== undefined) {
            this.first = undefined;
            return first;
        }
        try {
            const step = await this.parts.iterator.next();
            if (step.done !== true) this.parts.onDelta();
            return step;
        } catch (error) {
            throw this.failed(error);
        }
    }

    async return(): Promise<IteratorResult<InferenceDelta>> {
        this.first = undefined;
        // A finished iterator has said how it ended already.
        this.end({ kind: 'left', price: this.parts.session.receipt?.price ?? 0n });
        await this.parts.iterator.return?.();
        return { done: true, value: undefined };
    }

    private failed(error: unknown): unknown {
        const { receipt } = this.parts.session;
        const price = receipt?.price ?? 0n;
        if (error instanceof AbortedError) {
            this.end({ kind: 'left', price });
            return error;
        }
        this.end({ kind: 'failed', error, price });
        const usage = usageOf(receipt?.usage ?? { prompt: 0, cached: 0, completion: 0 });
        return new AnswerInterruptedError(this.parts.node, usage, price, { cause: error });
    }

    private end(end: AnswerEnd): void {
        if (this.ended) return;
        this.ended = true;
        this.parts.onEnd(end);
    }
}

function usageOf(usage: SessionResult['usage']): InferenceUsage {
    return { promptTokens: usage.prompt, cachedTokens: usage.cached, completionTokens: usage.completion };
}

function finalOf(node: string, { finish, usage, price, seed, evidence }: SessionResult): InferenceFinal {
    const final = { finish, usage: usageOf(usage), price, seed, node };
    return evidence === undefined ? final : { ...final, evidence };
}
