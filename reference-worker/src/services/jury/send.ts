import type { DisputeInfo, TxParams } from 'cocoon-sdk';
import { WorkerError } from '../../errors';
import type { Purpose } from '../../journal';
import { failed, refusal } from '../claims/outcome';
import type { Runtime } from '../runtime';

/** Sends a message about a dispute and waits for what it led to. Throws WorkerError `dispute_refused` and what sending throws. */
export async function sendAbout(
    { chain }: Runtime,
    { address }: DisputeInfo,
    purpose: Purpose,
    { to, value, body }: TxParams,
): Promise<void> {
    const node = await chain.outgoing.send({
        job: address.toRawString(),
        purpose,
        message: { to, value, body },
    });
    // A seat is asked for at the own Node, and given by the Dispute.
    const refused = [node, ...node.children].find(failed);
    if (!refused) return;
    throw new WorkerError(`the ${purpose} was refused: ${refusal(refused)}`, {
        code: 'dispute_refused',
        remedy: 'nothing: others were quicker, or it is tried again',
    });
}
