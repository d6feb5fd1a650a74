import type { Address } from '@ton/core';
import { owedByVault } from '../../vault/invariants/read';
import type { World } from '../world';
import type { Comparison } from './data';
import { compareDispute, decodeDispute } from './dispute';
import { compareJob, decodeJob } from './job';
import { compareNode, decodeNode } from './node';

/** What a contract owes to others, by its own books; undefined where there are no books of that kind. */
export function owedBy(world: World, address: Address): bigint | undefined {
    const account = address.toRawString();
    const data = world.chain.get(address)?.data;
    if (world.nodes.has(account)) {
        if (!data) return 0n;
        const { stake, unbonding } = decodeNode(data);
        return stake + unbonding;
    }
    if (world.jobs.has(account)) {
        const job = data && decodeJob(data);
        const owes = job?.state && ['open', 'claimed', 'submitted', 'disputed'].includes(job.state);
        return owes ? job.escrow : 0n;
    }
    if (world.disputes.has(account)) {
        const dispute = data && decodeDispute(data);
        return dispute && dispute.phase !== 'resolved' ? dispute.held : 0n;
    }
    if (world.vaults.has(account)) return data ? owedByVault(data) : 0n;
    return undefined;
}

/** The contract's own books beside the model's. */
export function compare(world: World, address: Address): Comparison {
    const account = address.toRawString();
    const data = world.chain.get(address)?.data;
    const job = world.jobs.get(account);
    if (job) return compareJob(job, data);
    const dispute = world.disputes.get(account);
    if (dispute) return compareDispute(dispute, data);
    const node = world.nodes.get(account);
    return node && data ? compareNode(node, data) : {};
}
