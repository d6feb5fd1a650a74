export { type Check, type CheckResult, Health, type HealthReport } from './health';
export { HealthServer, type HealthServerOptions } from './health-server';
export { type CreateLoggerOptions, createLogger, type DestinationStream, type Logger } from './logger';
