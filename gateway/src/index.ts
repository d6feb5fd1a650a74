export type { BatchJobs, BatchOrder, FinishedJob, PreparedBatchJob } from './batches';
export { type GatewayConfig, loadConfig, loadSecrets, parseConfig, Secrets } from './config';
export { GatewayError, type GatewayErrorOptions } from './errors';
export { ExitCode } from './exit-codes';
export { createGateway, type Gateway, type GatewayOptions } from './gateway';
export { API_ERRORS, type ApiErrorCode } from './http/api-error';
export { type ApiKey, type BudgetPeriod, createKey, listKeys, type NewApiKey, revokeKey } from './keys';
export { createLogger, type Logger } from './observability';
export { type RunGatewayOptions, runGateway } from './run-gateway';
