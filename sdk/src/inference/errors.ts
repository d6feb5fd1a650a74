import { CocoonError, type CocoonErrorOptions } from '../errors';
import type { InferenceUsage } from './types';

/** A body that is not a request of the OpenAI API. `param` names the place, as `messages[0].role`. */
export class RequestParameterError extends CocoonError {
    constructor(
        code: 'missing_required_parameter' | 'invalid_value' | 'unsupported_parameter',
        readonly param: string | null,
        shortMessage: string,
    ) {
        super(code, shortMessage, { details: { param } });
        this.name = 'RequestParameterError';
    }
}

/** A path outside of the API. */
export class UnknownRouteError extends CocoonError {
    constructor(method: string, path: string) {
        super('unknown_route', `${method} ${path} is not part of this API.`, { details: { method, path } });
        this.name = 'UnknownRouteError';
    }
}

/** No such model. */
export class ModelNotFoundError extends CocoonError {
    constructor(model: string) {
        super('model_not_found', `The model ${JSON.stringify(model.slice(0, 128))} does not exist.`);
        this.name = 'ModelNotFoundError';
    }
}

/** Too long for every node. `details.contextLength` in tokens. */
export class ContextLengthError extends CocoonError {
    constructor(contextLength: number | undefined, options?: CocoonErrorOptions) {
        const limit = contextLength === undefined ? '' : ` of ${contextLength} tokens`;
        super('context_length_exceeded', `The request does not fit into the context${limit}.`, {
            ...options,
            details: { contextLength },
        });
        this.name = 'ContextLengthError';
    }
}

/** Nobody to ask. */
export class NoNodeError extends CocoonError {
    constructor(model: string, options?: CocoonErrorOptions) {
        super('no_node', `No node serves ${model} within the policy now.`, {
            ...options,
            details: { model },
        });
        this.name = 'NoNodeError';
    }
}

/** All busy. */
export class NodesBusyError extends CocoonError {
    constructor(
        readonly retryAfterSeconds: number,
        options?: CocoonErrorOptions,
    ) {
        super('nodes_busy', 'All nodes are busy.', { ...options, details: { retryAfterSeconds } });
        this.name = 'NodesBusyError';
    }
}

/** All failed. */
export class NodesFailedError extends CocoonError {
    constructor(attempts: number, options?: CocoonErrorOptions) {
        super('nodes_failed', `${attempts} ${attempts === 1 ? 'node' : 'nodes'} failed to answer.`, {
            ...options,
            details: { attempts },
        });
        this.name = 'NodesFailedError';
    }
}

/** All too slow. */
export class NodesTimeoutError extends CocoonError {
    constructor(attempts: number, options?: CocoonErrorOptions) {
        super('nodes_timeout', 'No node answered in time.', { ...options, details: { attempts } });
        this.name = 'NodesTimeoutError';
    }
}

/** Broken off after the first delta. What was delivered by then has a price. */
export class AnswerInterruptedError extends CocoonError {
    constructor(
        readonly node: string,
        /** By the last receipt. */
        readonly usage: InferenceUsage,
        /** nanoTON, by the last receipt. */
        readonly price: bigint,
        options?: CocoonErrorOptions,
    ) {
        super('answer_interrupted', 'The answer broke off.', { ...options, details: { node, price } });
        this.name = 'AnswerInterruptedError';
    }
}

/** Could cost too much. Amounts in nanoTON. */
export class CostLimitError extends CocoonError {
    constructor(maxCost: bigint, needed: bigint) {
        super('cost_limit', `The answer could cost ${needed} nanoTON, the limit is ${maxCost}.`, {
            details: { maxCost, needed },
        });
        this.name = 'CostLimitError';
    }
}

/** Money is spent. */
export class VaultEmptyError extends CocoonError {
    constructor(shortMessage: string, options?: CocoonErrorOptions) {
        super('vault_empty', shortMessage, options);
        this.name = 'VaultEmptyError';
    }
}

/** The chain did not do it; trying again later helps. */
export class FundingFailedError extends CocoonError {
    constructor(options?: CocoonErrorOptions) {
        super('funding_failed', 'No money could be allocated to a node.', options);
        this.name = 'FundingFailedError';
    }
}

/** Nothing to allocate with. */
export class FundingUnavailableError extends CocoonError {
    constructor() {
        super('funding_unavailable', 'There is no allocation, and no wallet to make one with.');
        this.name = 'FundingUnavailableError';
    }
}

/** The chain was never read. */
export class NodesUnknownError extends CocoonError {
    constructor(options?: CocoonErrorOptions) {
        super('nodes_unknown', 'The nodes of the network are not known.', options);
        this.name = 'NodesUnknownError';
    }
}

/** Another process has the channel. */
export class ChannelLeaseLostError extends CocoonError {
    constructor(channel: string, options?: CocoonErrorOptions) {
        super('channel_lease_lost', `The lease of channel ${channel} was lost.`, {
            ...options,
            details: { channel },
        });
        this.name = 'ChannelLeaseLostError';
    }
}

/** Another channel has the slot. */
export class ChannelSlotTakenError extends CocoonError {
    constructor(vault: string, slot: number) {
        super('channel_slot_taken', `Slot ${slot} of the vault is taken.`, { details: { vault, slot } });
        this.name = 'ChannelSlotTakenError';
    }
}

/** Unreadable store. */
export class ChannelBookCorruptError extends CocoonError {
    constructor(key: string, options?: CocoonErrorOptions) {
        super('channel_book_corrupt', `The entry ${key} is not a channel record.`, {
            ...options,
            details: { key },
        });
        this.name = 'ChannelBookCorruptError';
    }
}

/** Used after close. */
export class InferenceClosedError extends CocoonError {
    constructor() {
        super('inference_closed', 'The inference object was closed.');
        this.name = 'InferenceClosedError';
    }
}
