import {
    AnswerInterruptedError,
    type CocoonError,
    type InferenceAnswer,
    type InferenceFinal,
    type InferenceUsage,
    isCocoonError,
    type OpenAIRequest,
} from 'cocoon-sdk';
import type { GatewayContext } from '../context';
import { errorResponse } from '../http/api-error';
import type { ApiKey } from '../keys';
import type { Hold, LedgerStart, OpenEntry } from '../ledger';
import { estimateCost, tokenLimit } from './estimate';

export interface AccountedRequest {
    readonly id: string;
    readonly key: ApiKey;
    readonly request: OpenAIRequest;
    /** Length of the body as it came. */
    readonly bodyBytes: number;
    readonly signal: AbortSignal;
}

const NO_TOKENS: InferenceUsage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };
/** A node's real price can be above the estimate; then exactly that is held. */
const MAX_GROWTHS = 3;

/** One request from admission to its row in the ledger: held by the budget, noted, run, booked. */
export class Accounted {
    readonly #context: GatewayContext;
    readonly #input: AccountedRequest;
    readonly #startedAt: number;
    #hold: Hold | undefined;
    #entry: OpenEntry | undefined;
    #answer: InferenceAnswer | undefined;
    #firstTokenMs: number | null = null;

    constructor(context: GatewayContext, input: AccountedRequest) {
        this.#context = context;
        this.#input = input;
        this.#startedAt = context.now();
    }

    /** Resolves with the first delta. Throws ApiError and CocoonError; nothing is booked twice whatever happens. */
    async run(): Promise<InferenceAnswer> {
        const { inference, now } = this.#context;
        const { key, request, signal } = this.#input;
        await this.#reserve();
        for (let growths = 0; ; growths++) {
            try {
                this.#answer = await inference.run({
                    task: request.task,
                    model: request.model,
                    body: request.body,
                    // Two keys never share a conversation, whatever names they give them.
                    conversation: request.conversation && `${key.id}:${request.conversation}`,
                    maxCost: this.#hold?.period ? this.#hold.amount : undefined,
                    signal,
                });
                this.#firstTokenMs = now() - this.#startedAt;
                return this.#answer;
            } catch (error) {
                if (growths >= MAX_GROWTHS || !isCocoonError(error, 'cost_limit')) throw error;
                await this.#grow(error);
            }
        }
    }

    /** Books the answer's end; its row is in the local file when this returns. */
    finish(final: InferenceFinal): void {
        this.#book('ok', final.node, final.usage, final.price);
    }

    /** Books a failure: what was delivered before has its price. */
    fail(error: unknown): void {
        const interrupted = findInterrupted(error);
        this.#book(
            this.#input.signal.aborted ? 'aborted' : errorResponse(error).body.error.code,
            interrupted?.node ?? this.#answer?.node ?? null,
            interrupted?.usage ?? NO_TOKENS,
            interrupted?.price ?? 0n,
        );
    }

    async #reserve(): Promise<void> {
        const { budgets, config, ledger, models } = this.#context;
        const { key, request, bodyBytes } = this.#input;
        const wanted = estimateCost(
            request,
            models.known(request.model),
            bodyBytes,
            config.limits.defaultMaxTokens,
        );
        const held = budgets.hold(key, wanted, tokenLimit(request) === undefined);
        this.#hold = held instanceof Promise ? await held : held;
        this.#entry = ledger.begin(this.#start());
    }

    async #grow(error: CocoonError): Promise<void> {
        const { budgets } = this.#context;
        const { key, request } = this.#input;
        const needed = BigInt(error.details.needed ?? 0);
        const held = this.#hold?.amount ?? 0n;
        if (!this.#hold?.period || needed <= held) throw error;
        this.#hold.settle(0n);
        this.#hold = undefined;
        this.#hold = await budgets.hold(key, needed, tokenLimit(request) === undefined);
        // All that is left was tried already.
        if (this.#hold.amount <= held) throw error;
        this.#entry?.again(this.#start());
    }

    #start(): LedgerStart {
        const { id, key, request } = this.#input;
        return {
            id,
            at: this.#startedAt,
            key: key.id,
            kind: request.task,
            model: request.model,
            period: this.#hold?.period ?? null,
            hold: (this.#hold?.amount ?? 0n).toString(),
        };
    }

    #book(status: string, node: string | null, usage: InferenceUsage, price: bigint): void {
        const entry = this.#entry;
        if (entry === undefined) return;
        this.#entry = undefined;
        const { limiter, membership, metrics, now } = this.#context;
        const { key } = this.#input;
        entry.end({
            ...this.#start(),
            process: membership.id,
            node,
            ...usage,
            price: price.toString(),
            status,
            firstTokenMs: this.#firstTokenMs,
            totalMs: now() - this.#startedAt,
            charge: this.#hold?.period ? price.toString() : '0',
        });
        this.#hold?.settle(price);
        limiter.spend(key, usage.promptTokens + usage.completionTokens);
        const model = this.#answer?.model.name;
        if (model === undefined) return;
        metrics.answered(model, usage, price, this.#firstTokenMs);
    }
}

function findInterrupted(error: unknown): AnswerInterruptedError | undefined {
    return isCocoonError(error)
        ? error.find((cause): cause is AnswerInterruptedError => cause instanceof AnswerInterruptedError)
        : undefined;
}
