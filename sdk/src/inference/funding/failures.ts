import { type ErrorCode, isCocoonError } from '../../errors';
import { FundingFailedError, VaultEmptyError } from '../errors';

/** After these nothing was executed, and nothing ever will be. */
const DEFINITE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
    'transaction_failed',
    'wallet_unfunded',
    'wallet_not_deployed',
    'wallet_message_expired',
    'wallet_seqno_taken',
    'rpc_message_rejected',
    'sender_missing',
    'network_paused',
    'invalid_argument',
    'sdk_outdated',
]);

/** Said as they are: they have their own remedy. */
const OWN_REMEDY: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
    'network_paused',
    'vault_empty',
    'funding_failed',
    'funding_unavailable',
    'operation_aborted',
    'inference_closed',
    'channel_lease_lost',
    'channel_book_corrupt',
]);

/** Whether the message of a failed write can no longer have an effect. */
export function isDefinite(error: unknown): boolean {
    return isCocoonError(error) && DEFINITE.has(error.code);
}

/** What a request is told when money could not be allocated. */
export function fundingError(cause: unknown): Error {
    if (isCocoonError(cause) && OWN_REMEDY.has(cause.code)) return cause;
    if (isCocoonError(cause, 'wallet_unfunded')) {
        return new VaultEmptyError('The wallet holds too little for a deposit.', {
            cause,
            remedy: cause.remedy,
        });
    }
    return new FundingFailedError({ cause });
}
