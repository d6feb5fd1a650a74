import { codes } from '../build/artifacts';
import { lazyCode } from './lib';

/** Code of the Disputes that terms of this build name. */
export const disputeCode = lazyCode(codes.Dispute);
