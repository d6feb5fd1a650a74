export { Health } from './health';
export { createLogger, type Logger } from './logger';
export { Metrics } from './metrics';
