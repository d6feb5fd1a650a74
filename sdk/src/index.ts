export * from './errors';
export * from './payload';
export * from './rpc';
export * from './send';
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
export * from './watch';
