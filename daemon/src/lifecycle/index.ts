export { type DrainTexts, type RunOptions, runServices } from './run-services';
export type { Service } from './service';
export { type ProcessSignals, processSignals } from './signals';
