import { jobBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { type JobNotFoundError, type JobSecretMissingError, JobStateError } from '../../client/errors';
import { messageFees, withMargin } from '../../fees';
import { releaseInputKey } from '../../payload';
import { hexToBytes, integerToHash } from '../../utils';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { requireJob } from './get-job';
import { requireRecord } from './read-result';
import type { JobTarget } from './target';

export type DiscloseKeyParameters = JobTarget & QueryOption;
export type DiscloseKeyReturnType = WriteResult;
export type DiscloseKeyErrorType = WriteErrorType | JobNotFoundError | JobStateError | JobSecretMissingError;

export const createDiscloseKeyBody = jobBodies.discloseKey;

/** Seals the content key to the encryption key that the present claim recorded on chain. */
export async function getDiscloseKeyTxParams(
    client: CocoonClient,
    { job, queryId }: DiscloseKeyParameters,
): Promise<TxParams> {
    const [record, data, prices] = await Promise.all([
        requireRecord(client, job),
        requireJob(client, { job }, 'claimed'),
        client.getPrices(),
    ]);
    if (data.keyGiven || data.claimer === undefined) {
        throw new JobStateError(job.toString(), 'claimed with its key given', 'claimed without its key');
    }
    const { encryptionKey } = data.claimer;
    const sealedKey = await releaseInputKey({
        networkId: record.networkId,
        job,
        contentKey: hexToBytes(record.contentKey),
        recipientPublicKey: integerToHash(encryptionKey),
        claim: data.claims,
    });
    return {
        to: job,
        value: withMargin(messageFees.step(prices)),
        body: createDiscloseKeyBody({ queryId, claim: data.claims, encryptionKey, sealedKey }),
    };
}

/** Gives the content key of an open job to the node that claimed it. From the client. */
export async function discloseKey(
    client: CocoonClient,
    parameters: DiscloseKeyParameters,
): Promise<DiscloseKeyReturnType> {
    return sendTransactions(client, [await getDiscloseKeyTxParams(client, parameters)]);
}
