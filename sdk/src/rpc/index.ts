export type {
    Account,
    ChainReader,
    GetMethodResult,
    GetTransactionsOptions,
    MasterchainInfo,
    TransactionId,
} from './chain-reader';
export type { EndpointConfig } from './endpoint';
export {
    GetMethodError,
    MessageRejectedError,
    RpcError,
    RpcNotSupportedError,
    RpcRateLimitedError,
    RpcResponseError,
    RpcTimeoutError,
    RpcUnauthorizedError,
    RpcUnreachableError,
} from './errors';
export type { JsonRpcOptions } from './json-rpc';
export { contractProvider } from './provider';
export { createRpc, type Rpc, type RpcOptions } from './rpc';
