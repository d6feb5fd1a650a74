import { Address } from '@ton/core';
import { type DisputeInfo, getDispute } from 'cocoon-sdk';
import { WorkerError } from '../../errors';
import type { DisputeRecord } from '../../journal';
import type { Runtime } from '../runtime';

/** An endpoint may lag behind the one that told of the dispute; with growing waits this is some minutes. */
const PATIENCE = 8;

/** The dispute; null when it is not there any more. Throws WorkerError `dispute_unreadable` where it may only not be there yet. */
export async function readDispute({ chain }: Runtime, record: DisputeRecord): Promise<DisputeInfo | null> {
    const info = await getDispute(chain.client, { dispute: Address.parseRaw(record.dispute) });
    if (info !== null || record.attempts >= PATIENCE) return info;
    throw new WorkerError('there is no dispute of this network at this address', {
        code: 'dispute_unreadable',
        remedy: 'nothing; if it goes on, install the worker version that belongs to the network',
    });
}
