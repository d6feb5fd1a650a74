export { type Check, type CheckResult, Health, type HealthReport } from './health';
export { createLogger, type Logger } from './logger';
export { Metrics } from './metrics';
