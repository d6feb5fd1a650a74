export type { ChannelBook, ChannelLease, ChannelMarks, ChannelRecord, VaultRecord } from './channels/book';
export { jsonChannelBook } from './channels/json-book';
export { memoryChannelBook } from './channels/memory-book';
export type { InferenceDelta } from './delta';
export * from './errors';
export { createFetch } from './fetch';
export { createInference } from './inference';
export * from './openai';
export type { FundingPolicy, InferenceOptions, RoutingPolicy } from './options';
export type {
    Inference,
    InferenceAnswer,
    InferenceEvent,
    InferenceEvidence,
    InferenceFinal,
    InferenceFunds,
    InferenceRequest,
    InferenceTask,
    InferenceUsage,
    ServedModelInfo,
    SettleOptions,
    SettleResult,
    TokenPrices,
} from './types';
