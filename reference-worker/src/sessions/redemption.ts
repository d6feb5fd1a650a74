import { Address } from '@ton/core';
import { isCocoonError, messageFees, nodeBodies, type TraceNode, vaultBodies, withMargin } from 'cocoon-sdk';
import { type Chain, NotSentError } from '../chain';
import { messageOf } from '../errors';
import { failed, refusal } from '../services/claims/outcome';
import type { Allocation } from './allocation';
import type { SessionEnvironment } from './environment';

/** What is asked of the chain. `release` ends the allocation and redeems in the same step. */
export type RedemptionKind = 'redeem' | 'release';

/** Sends vouchers to the chain over the operator's wallet; orders of one moment share one message of it. */
export class Redemption {
    readonly #env: SessionEnvironment;
    readonly #chain: Chain;

    constructor(env: SessionEnvironment, chain: Chain) {
        this.#env = env;
        this.#chain = chain;
    }

    /** Whether the chain has executed it. Sending it again is safe: vouchers are cumulative. Never rejects. */
    async send(kind: RedemptionKind, allocation: Allocation): Promise<boolean> {
        const { metrics, logger } = this.#env;
        const { vault, slot } = allocation.record;
        const where = { vault, slot, purpose: kind };
        try {
            const node = await this.#order(kind, allocation);
            const refused = [node, ...node.children].find(failed);
            metrics.redemptions.inc({ result: refused ? 'failed' : 'confirmed' });
            if (!refused) return true;
            logger.warn({ ...where, code: refusal(refused) }, 'a voucher was refused on chain');
        } catch (error) {
            metrics.redemptions.inc({ result: 'failed' });
            const known = error instanceof NotSentError || isCocoonError(error);
            const detail = known ? { reason: messageOf(error).split('\n')[0] } : { err: error };
            logger[known ? 'warn' : 'error']({ ...where, ...detail }, 'a voucher could not be redeemed yet');
        }
        return false;
    }

    #order(kind: RedemptionKind, { record }: Allocation): Promise<TraceNode> {
        const chain = this.#chain;
        const { prices } = chain.view;
        const { vault, slot, generation, cumulative, claimed, signature } = record;
        const address = Address.parseRaw(vault);
        const voucher = cumulative > claimed && signature ? { cumulative, signature } : {};
        const job = `${vault}/${slot}`;
        if (kind === 'release') {
            const body = nodeBodies.releaseAllocation({ vault: address, slot, generation, ...voucher });
            const value = withMargin(messageFees.releaseAllocation(prices));
            return chain.outgoing.send({
                job,
                purpose: 'release',
                message: { to: chain.node.address, value, body },
            });
        }
        const body = vaultBodies.redeem({ slot, generation, cumulative, signature: signature! });
        const value = withMargin(messageFees.redeem(prices));
        return chain.outgoing.send({ job, purpose: 'redeem', message: { to: address, value, body } });
    }
}
