export { type Check, type CheckResult, Health, type HealthReport } from 'cocoon-daemon';
export { HealthServer, type HealthServerOptions } from './http';
export { createLogger, type Logger } from './logger';
export { Metrics } from './metrics';
