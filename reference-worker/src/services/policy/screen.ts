import type { AnnouncedJob, NodeView } from '../../chain';
import type { Policy } from '../../config';
import type { ServedModel } from '../../context';
import { leastResultBytes } from '../results/budget';
import { messageCosts } from './costs';
import { minimumPrice } from './price';
import type { Throughput } from './throughput';

export interface ScreenInputs {
    job: AnnouncedJob;
    model: ServedModel | undefined;
    policy: Policy;
    view: NodeView;
    nodeIndex: number;
    throughput: Throughput;
    /** Whether results that do not fit a message can be published at a URL. */
    canPublish: boolean;
    /** Bytes of all requests together; 0 while they are not fetched. */
    inputBytes: number;
}

export type Screened = { skip: string } | { minPrice: bigint };

/** Whether a job is wanted at all, by what never changes about it, and at which price. */
export function screen(inputs: ScreenInputs): Screened {
    const { job, model, policy, view, nodeIndex, throughput } = inputs;
    const { spec } = job.announcement;
    const { terms } = job.served;
    if (!model) return { skip: 'model_not_served' };
    if (spec.direct !== undefined && spec.direct !== nodeIndex) return { skip: 'for_another_node' };
    if (spec.image !== undefined) return { skip: 'attestation_required' };
    if (spec.minStake > view.node.stake) return { skip: 'stake_too_low' };
    if (view.node.version < terms.minNodeVersion) return { skip: 'node_version' };
    if (spec.items > policy.maxItems) return { skip: 'too_many_items' };
    if (!inputs.canPublish && leastResultBytes(spec.items) === undefined) return { skip: 'result_too_large' };
    if (spec.collateral > policy.maxCollateral) return { skip: 'collateral_too_high' };
    if (spec.executionWindow < policy.minExecutionSeconds) return { skip: 'window_too_short' };
    const seconds = throughput.estimate(model.modelId, spec.items, model.engine.capacity);
    if (spec.executionWindow < seconds) return { skip: 'window_too_short' };
    const minPrice = minimumPrice({
        spec,
        pricing: model.pricing,
        policy,
        feeBps: terms.jobParams.feeBps,
        messageCost: messageCosts(view.prices).spent,
        inputBytes: inputs.inputBytes,
    });
    return spec.maxPrice < minPrice ? { skip: 'price_too_low' } : { minPrice };
}
