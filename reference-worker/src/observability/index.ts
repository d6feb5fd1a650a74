export { type Check, type CheckResult, Health, type HealthReport } from './health';
export { HealthServer, type HealthServerOptions } from './http';
export { createLogger, type Logger } from './logger';
export { Metrics } from './metrics';
