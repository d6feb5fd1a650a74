export {
    accountAddress,
    base64ToBytes,
    bytesToHex,
    bytesToUtf8,
    concatBytes,
    equalBytes,
    hashToInteger,
    hexToBytes,
    intBytes,
    integerToHash,
    toArrayBuffer,
    toBuffer,
    uintBytes,
    utf8ToBytes,
} from './bytes';
export { type Clock, startTimer, systemClock } from './clock';
export { Deadline } from './deadline';
export { follow } from './follow';
export { Mutex } from './mutex';
export { type RandomBytes, secureRandomBytes } from './random';
export { unlessAborted } from './unless-aborted';
