export * from './disputes';
export * from './jobs';
export * from './network';
export * from './nodes';
export type { QueryOption } from './options';
export { type TonConnectMessage, type TxParams, toTonConnect } from './tx-params';
export * from './vaults';
export { findEvent, type WriteErrorType, type WriteResult } from './write';
