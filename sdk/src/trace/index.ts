export {
    assertTrace,
    type TraceProgress,
    TraceRootError,
    TraceTimeoutError,
    TransactionFailedError,
} from './errors';
export { describeExitCode, type ExitCode, type ExitCodeTable, STANDARD_EXIT_CODES } from './exit-codes';
export { externalMessageHash } from './message-hash';
export type { TraceNode } from './node';
export type { TraceRoot } from './root';
export { createTrace, flattenTrace, type Trace } from './trace';
export { type WaitTraceOptions, waitTrace } from './wait-trace';
