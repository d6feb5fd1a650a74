import type { AnswerEvidence, SessionEvidence } from '../session';
import type { InferenceDelta } from './delta';

/** What is asked of a model. */
export type InferenceTask = 'chat' | 'completion' | 'embedding';

/** nanoTON per 1M tokens. */
export type TokenPrices = {
    readonly prompt: bigint;
    readonly cachedPrompt: bigint;
    readonly completion: bigint;
};

/** One model that nodes serve now. */
export type ServedModelInfo = {
    /** Name in the catalogue; what an application passes as `model`. */
    readonly name: string;
    readonly modelId: bigint;
    /** When the catalogue got it, unix seconds. */
    readonly addedAt: number;
    /** How many nodes offer it within the policy. */
    readonly nodes: number;
    /** The lowest of each price; nanoTON per 1M tokens. */
    readonly prices: TokenPrices;
    /** The longest context that a node offers, in tokens. */
    readonly contextLength: number;
};

export type InferenceRequest = {
    readonly task: InferenceTask;
    /** Name in the catalogue, or the model id in 64 hex digits. */
    readonly model: string;
    /** Body of the OpenAI API for the task; what the session does not carry (model, stream, user …) is left out of it. */
    readonly body: Readonly<Record<string, unknown>>;
    /**
     * Requests of one conversation go to one node, whose prefix cache then hits. By default a hash of the first
     * messages; it never leaves this process.
     */
    readonly conversation?: string;
    /**
     * Most that the answer may cost, in nanoTON. Where the body names no limit of tokens, the answer ends with `length`
     * before it costs more; where it names one that could cost more, run throws CostLimitError.
     */
    readonly maxCost?: bigint;
    /**
     * Gives the answer its `evidence`, with which it can be disputed: request and answer in plain text. It is there for every
     * answer where the options have an `answerStore`.
     */
    readonly keepEvidence?: boolean;
    readonly signal?: AbortSignal;
};

export type InferenceUsage = {
    readonly promptTokens: number;
    readonly cachedTokens: number;
    readonly completionTokens: number;
};

/** How an answer ended, and what it cost. */
export type InferenceFinal = {
    readonly finish: 'stop' | 'length' | 'tool_calls';
    readonly usage: InferenceUsage;
    /** nanoTON, as in the node's last receipt. */
    readonly price: bigint;
    readonly seed: number | null;
    /** Account of the node, 64 hex digits. */
    readonly node: string;
    /** What disputes the answer, where it was to be kept; for openForReceipt. */
    readonly evidence?: AnswerEvidence;
};

/**
 * An answer whose first delta, or end, has arrived. Iterate it once. Breaking off the loop aborts the request.
 * Errors after the first delta are thrown by the iterator; AnswerInterruptedError says what was delivered and paid.
 */
export interface InferenceAnswer extends AsyncIterable<InferenceDelta> {
    /** Account of the node, 64 hex digits. */
    readonly node: string;
    readonly model: ServedModelInfo;
    readonly prices: TokenPrices;
    /** Unix seconds at which the request was sent. */
    readonly createdAt: number;
    /** What disputes the answer as far as its latest receipt, where it was to be kept. */
    readonly evidence?: AnswerEvidence | undefined;
    /** Settles when the iteration ends; rejects as the iterator throws. Need not be awaited. */
    readonly final: Promise<InferenceFinal>;
}

/** What a gateway wants to measure. No content of requests in it. */
export type InferenceEvent =
    | { type: 'attempt'; node: string; model: string; attempt: number }
    | { type: 'failover'; node: string; model: string; code: string }
    | {
          type: 'answered';
          node: string;
          model: string;
          firstTokenMs: number;
          totalMs: number;
          tokens: number;
          price: bigint;
      }
    | { type: 'interrupted'; node: string; model: string; code: string; price: bigint }
    | { type: 'node_banned'; node: string; code: string; untilMs: number }
    | { type: 'breaker'; node: string; state: 'closed' | 'open' | 'half_open' }
    | {
          type: 'allocated' | 'increased' | 'releasing' | 'released';
          node: string;
          vault: string;
          amount: bigint;
      }
    /** A channel that an earlier run or another process signed for: what the node says that was paid and served. */
    | { type: 'recovered'; channel: string; node: string; cumulative: bigint; owed: bigint }
    | { type: 'background_failed'; task: 'directory' | 'funding' | 'release'; code: string };

/** A node that lied, with what proves it. */
export type InferenceEvidence = SessionEvidence & {
    /** Account of the node, 64 hex digits. */
    readonly node: string;
};

/** Real-time inference on nodes of the network. */
export interface Inference {
    /** Models that at least one node serves within the policy, by name. Throws NodesUnknownError. */
    models(): Promise<readonly ServedModelInfo[]>;
    /**
     * Resolves when the first delta, or the end, is there. A node that fails before goes unnoticed: the next one is asked.
     * Throws CocoonError; openAIError() makes it the error of the OpenAI API.
     */
    run(request: InferenceRequest): Promise<InferenceAnswer>;
    /** Opens the vault and allocates to the best nodes of these models, so that the first request need not wait for the chain. */
    prepare(models: readonly string[]): Promise<void>;
    /** What the vault holds and promises; undefined where none was opened yet. Amounts in nanoTON. */
    funds(): Promise<InferenceFunds | undefined>;
    /** Ends all allocations of this process (with the nodes' help where they answer, else after releaseDelay). */
    settle(options?: SettleOptions): Promise<SettleResult>;
    /** Stops what runs in the background. With `withdraw` it settles and withdraws everything first. */
    close(options?: { withdraw?: boolean; signal?: AbortSignal }): Promise<void>;
}

export type InferenceFunds = {
    /** Raw address. */
    readonly vault: string;
    /** Neither allocated nor owed. */
    readonly free: bigint;
    /** Allocated and not claimed by nodes yet. */
    readonly allocated: bigint;
    /** Signed in vouchers, over all open allocations. */
    readonly promised: bigint;
};

export type SettleOptions = {
    /** Withdraw what is free afterwards. */
    withdraw?: boolean;
    /** Wait for releaseDelay where a node does not help; else those allocations are only asked back. */
    wait?: boolean;
    signal?: AbortSignal;
};

export type SettleResult = {
    /** Allocations whose money is free again. */
    readonly released: number;
    /** Allocations that come back after releaseDelay; call settle() again then. */
    readonly pending: number;
    /** nanoTON, 0 without `withdraw`. */
    readonly withdrawn: bigint;
};
