export * from 'cocoon-wrappers';
export * from './actions';
export * from './client';
export * from './disputes';
export * from './errors';
export * from './fees';
export * from './inference';
export { type JobRecord, type JobStore, jobKey, jsonJobStore, memoryJobStore, type TextStore } from './jobs';
export * from './payload';
export * from './rpc';
export * from './send';
export * from './session';
export * from './trace';
export {
    bytesToHex,
    type Clock,
    hashToInteger,
    hexToBytes,
    integerToHash,
    type RandomBytes,
    secureRandomBytes,
    systemClock,
} from './utils';
export * from './verifier';
export * from './watch';
