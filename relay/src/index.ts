export { DEFAULT_LIMITS, type RelayLimits, STREAM_BYTES } from './limits';
export type { RelayLogger } from './nodes';
export * from './protocol';
export { Relay, type RelayOptions } from './relay';
