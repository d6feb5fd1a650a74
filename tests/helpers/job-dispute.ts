import type { Address, Cell } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';
import { cellOf, Dispute, encodeJobSubject, subjectHash } from 'cocoon-wrappers';
import * as binding from '../../build/Job/Job_Job';
import type { PostedJob } from './job';
import type { Scene } from './scene';
import { forge } from './trace';

/** The one Dispute about a submitted result. */
export async function disputeOf(scene: Scene, { job, identity, spec }: PostedJob): Promise<Address> {
    const { deadline, claims } = await job.getJob();
    const openBefore = deadline - spec.reviewWindow + scene.protocol.terms.stakeParams.evidenceWindow;
    const subject = encodeJobSubject({ accuser: identity.client, job: job.address, claim: claims });
    return Dispute.fromIdentity({
        registry: identity.registry,
        termsHash: identity.termsHash,
        subject: subjectHash(subject),
        openBefore,
    }).address;
}

export async function freezeBody(
    posted: PostedJob,
    changes: { claim?: number; resultRoot?: bigint } = {},
): Promise<Cell> {
    const { claims, resultRoot } = await posted.job.getJob();
    return freezeOf(posted, changes.claim ?? claims, changes.resultRoot ?? resultRoot);
}

export function freezeOf({ identity }: PostedJob, claim: number, resultRoot: bigint): Cell {
    return cellOf(
        binding.storeFreeze({
            $$type: 'Freeze',
            queryId: 8n,
            claim: BigInt(claim),
            resultRoot,
            accuser: BigInt(`0x${identity.client.hash.toString('hex')}`),
            openBefore: 0n,
        }),
    );
}

export function verdictBody(outcome: bigint, { claim = 1, costs = 0n } = {}): Cell {
    return cellOf(
        binding.storeVerdict({ $$type: 'Verdict', queryId: 9n, outcome, claim: BigInt(claim), costs }),
    );
}

export interface Disputed {
    dispute: Address;
    frozen: SendMessageResult;
}

/** Frozen in the name of its Dispute. */
export async function freeze(scene: Scene, posted: PostedJob): Promise<Disputed> {
    const dispute = await disputeOf(scene, posted);
    const frozen = await forge(scene, dispute, posted.job.address, await freezeBody(posted));
    return { dispute, frozen };
}
