import type { RequestRef } from '../wire/allocation-ref';
import type { SessionDelta, SessionFinish } from '../wire/delta';
import type { SessionPrices, TokenUsage } from '../wire/price';
import type { Receipt } from '../wire/receipt';
import type { SessionTask } from '../wire/request-content';
import type { AnswerEvidence } from './answer-evidence';

/** One request to a node. */
export type SessionRequest = {
    readonly task: SessionTask;
    /** 32 bytes. */
    readonly modelId: Uint8Array;
    /** Body of the OpenAI API without `model`, `stream`, `stream_options`, `user`, `metadata` and `store`. */
    readonly body: Readonly<Record<string, unknown>>;
    /** The most that the client pays; the prices that apply. */
    readonly prices: SessionPrices;
    /** Limit of completion tokens; goes into the body as `max_tokens` where the body names none. */
    readonly maxCompletionTokens?: number;
    /** Gives the answer its `evidence`; with a store in the client it is there anyway. */
    readonly keepEvidence?: boolean;
    readonly signal?: AbortSignal;
};

/** How an answer ended. */
export type SessionResult = {
    readonly receipt: Receipt;
    readonly finish: SessionFinish;
    readonly seed: number | null;
    readonly usage: TokenUsage;
    /** nanoTON. */
    readonly price: bigint;
    /** What disputes the answer, where it was to be kept. */
    readonly evidence?: AnswerEvidence;
};

/** An answer as it arrives: iterate it once for its deltas. `final` settles when the iteration ends. */
export interface SessionAnswer extends AsyncIterable<SessionDelta> {
    readonly sequence: bigint;
    readonly final: Promise<SessionResult>;
    /** The latest verified receipt. */
    readonly receipt: Receipt | undefined;
    /** What disputes the answer as far as its latest receipt, where it was to be kept. */
    readonly evidence?: AnswerEvidence | undefined;
    /** Stops reading and paying: the node ends the request at the end of its present chunk. */
    cancel(): void;
    /** Reads to the end and gives all deltas with the result. */
    collect(): Promise<{ deltas: SessionDelta[]; result: SessionResult }>;
}

/** What a client keeps about a node that lied. No text; the salt opens the hashes to who has the text. */
export type SessionEvidence = {
    readonly channelId: string;
    readonly violation: string;
    readonly sequence: bigint;
    readonly request: RequestRef;
    readonly modelId: Uint8Array;
    readonly salt: Uint8Array;
    /** Content of the receipt frame as the node sent it; undefined when the lie was in another place. */
    readonly receipt: Uint8Array | undefined;
    /** The last receipt that was right. */
    readonly previousReceipt: Uint8Array | undefined;
    /** Unix seconds. */
    readonly time: number;
};

/** Keeps evidence; called before the error reaches the caller. */
export interface EvidenceStore {
    put(evidence: SessionEvidence): void | Promise<void>;
}
