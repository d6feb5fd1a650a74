export {
    AbortedError,
    CocoonError,
    type CocoonErrorOptions,
    type ErrorDetails,
    InvalidArgumentError,
    isCocoonError,
} from './base';
export { ERROR_CATALOGUE, type ErrorCode } from './catalogue';
export { CONTRACT_REMEDIES, contractExitCodes } from './contract-exit-codes';
export type { ErrorEntry } from './entry';
