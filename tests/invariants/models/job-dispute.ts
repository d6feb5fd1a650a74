import type { Address } from '@ton/core';
import type { Note } from '../notes';
import { accepted, type Expected, excessTo, payment, REFUSED, type Verdict } from '../verdict';
import type { JobModel } from './job';
import type { Surroundings } from './surroundings';

/** By the one Dispute that there can be about the claim. */
export function freeze(job: JobModel, from: Address, note: Extract<Note, { kind: 'freeze' }>, around: Surroundings): Verdict {
    if (job.state !== 'submitted' || note.claim !== job.claims || note.root !== job.root) return REFUSED;
    if (around.now > job.deadline || !from.equals(dispute(job, around))) return REFUSED;
    job.state = 'disputed';
    job.rampFrom = job.deadline; // where the end of the review is kept
    job.deadline = around.now + job.terms.stakeParams.longestDispute;
    const { seq, deadline: hardEnd } = job;
    const { modelId, items } = job.spec;
    const asked: Note = { kind: 'freezeLock', seq, dispute: from, hardEnd, modelId, items };
    return accepted({ sends: [{ to: around.nodeAddress(job.node), opcode: 'FreezeLock', note: asked }] });
}

export function thaw(job: JobModel, around: Surroundings): Verdict {
    if (job.state !== 'disputed') return REFUSED;
    const to = dispute(job, around);
    job.state = 'submitted';
    job.deadline = job.rampFrom;
    return accepted({ sends: [{ to, opcode: 'FreezeRefused', note: { kind: 'freezeRefused' } }] });
}

export function verdict(job: JobModel, from: Address, note: Extract<Note, { kind: 'verdict' }>, around: Surroundings): Verdict {
    if (!job.over && job.state !== 'disputed') return REFUSED;
    if (note.claim !== job.claims || !from.equals(dispute(job, around))) return REFUSED;
    if (job.over) return accepted(excessTo(job.client));
    if (note.outcome !== 'client' || around.now > job.deadline)
        return job.settle('paid', job.client, around, false);
    return convict(job, note.costs, around);
}

function dispute(job: JobModel, around: Surroundings): Address {
    const reviewBy = job.state === 'submitted' ? job.deadline : job.rampFrom;
    const submittedAt = reviewBy - job.spec.reviewWindow;
    const { evidenceWindow } = job.terms.stakeParams;
    return around.disputeAddress(job.order, job.claims, submittedAt + evidenceWindow);
}

function convict(job: JobModel, costs: bigint, around: Surroundings): Verdict {
    const { postFee, treasury } = job.terms.jobParams;
    const { collateral: slash, maxPrice } = job.spec;
    const compensation = (maxPrice < slash / 2n ? maxPrice : slash / 2n) + costs;
    const { seq, client } = job;
    const holder = job.order.address.toRawString();
    const note: Note = { kind: 'settleDisputedLock', job: holder, seq, slash, compensation, client };
    const sends: Expected[] = [
        { to: around.nodeAddress(job.node), opcode: 'SettleDisputedLock', note },
        payment('ProtocolFee', treasury, postFee),
        {
            to: client,
            opcode: 'JobRefund',
            note: { kind: 'payment' },
            atLeast: job.escrow - postFee,
        },
    ];
    job.escrow = 0n;
    job.state = 'refunded';
    return accepted({ sends, gone: around.now >= job.order.identity.openBefore });
}

