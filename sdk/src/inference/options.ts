import type { CocoonClient } from '../client/client';
import type { AnswerEvidenceStore, SessionPatience, SessionPrimitives, Transport } from '../session';
import type { Clock, RandomBytes } from '../utils';
import type { ChannelBook } from './channels/book';
import type { InferenceEvent, InferenceEvidence, TokenPrices } from './types';

/** Which nodes are asked. What is left out does not matter. */
export type RoutingPolicy = {
    /** Most that a node may ask; nanoTON per 1M tokens. */
    readonly maxPrices?: Partial<TokenPrices>;
    /** ISO 3166-1 numeric country codes. */
    readonly regions?: readonly number[];
    /** nanoTON. */
    readonly minStake?: bigint;
    /** Only these nodes, by account in hex digits or raw address. */
    readonly nodes?: readonly string[];
    /** Never these. */
    readonly excludedNodes?: readonly string[];
    /** Nodes that one request may try; 4 by default. */
    readonly maxAttempts?: number;
    /** Most time until the first delta of one attempt; 30 s by default. */
    readonly firstTokenTimeoutMs?: number;
    /** Between two reads of the nodes on chain; 60 s by default. */
    readonly refreshMs?: number;
    /** How much a price twice as high counts against a node twice as fast; 1 by default, 0 ignores prices. */
    readonly priceWeight?: number;
    /** Share of requests for nodes that have not proved themselves; 0.05 by default. */
    readonly explorationShare?: number;
};

/** What may be spent without asking. Amounts in nanoTON. */
export type FundingPolicy = {
    /** Most that is ever deposited into the vault over its life; 10 TON by default. */
    readonly maxDeposit?: bigint;
    /** What a new vault gets; 2 TON by default. */
    readonly deposit?: bigint;
    /** Most that is allocated to one node at a time; 1 TON by default. */
    readonly maxPerNode?: bigint;
    /** First allocation to a node; 0.2 TON by default. */
    readonly allocation?: bigint;
    /** An allocation grows, in the background, when less than this share of it is left; 0.5 by default. */
    readonly lowWater?: number;
    /** Nodes that get an allocation when the vault is opened; 3 by default. */
    readonly initialNodes?: number;
    /** Nodes that may have an allocation without being needed, so that new ones can prove themselves; 8 by default. */
    readonly maxNodes?: number;
    /** Life of a new vault's address before it must be opened; 1 h by default. */
    readonly openWithinSeconds?: number;
    /** An existing vault, by raw address, that the book knows; else the book's newest or a new one. */
    readonly vault?: string;
};

export type InferenceOptions = {
    /** Chain, registry and wallet. Without a wallet only vaults and allocations in `channels` are used. */
    readonly client: CocoonClient;
    /** In memory by default: a crash then forgets voucher keys, and their money is free only after releaseDelay. */
    readonly channels?: ChannelBook;
    readonly routing?: RoutingPolicy;
    readonly funding?: FundingPolicy;
    /** `fetchTransport()` by default; in Node `undiciTransport()` of `cocoon-sdk/node` is faster. */
    readonly transport?: Transport;
    /** `noblePrimitives` by default; in Node `nativePrimitives()` of `cocoon-sdk/node` are faster. */
    readonly primitives?: SessionPrimitives;
    readonly patience?: Partial<SessionPatience>;
    readonly clock?: Clock;
    /** Uniform in [0, 1); for choosing nodes only. */
    readonly random?: () => number;
    readonly randomBytes?: RandomBytes;
    /**
     * Keeps what disputes each answer: requests and answers in plain text, so that nothing is kept without it. In Node
     * `answerFiles()` of `cocoon-sdk/node`; keep them as long as the terms' evidenceWindow.
     */
    readonly answerStore?: AnswerEvidenceStore;
    readonly onEvidence?: (evidence: InferenceEvidence) => void;
    readonly onEvent?: (event: InferenceEvent) => void;
};
