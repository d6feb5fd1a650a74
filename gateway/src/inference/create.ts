import {
    type ChannelBook,
    type CocoonClient,
    createInference,
    type Inference,
    type InferenceEvent,
} from 'cocoon-sdk';
import { nativePrimitives, undiciTransport } from 'cocoon-sdk/node';
import type { GatewayConfig } from '../config';
import type { Logger } from '../observability';

export interface InferenceParts {
    config: GatewayConfig;
    client: CocoonClient;
    channels: ChannelBook;
    logger: Logger;
    onEvent: (event: InferenceEvent) => void;
    onEvidence: (code: string, node: string) => void;
}

/** The SDK's inference under the gateway's configuration. */
export function inferenceOf({ config, client, channels, onEvent, onEvidence }: InferenceParts): Inference {
    const { routing, funding } = config;
    const { promptPer1M, cachedPromptPer1M, completionPer1M } = routing.maxPrices;
    return createInference({
        client,
        channels,
        primitives: nativePrimitives(),
        transport: undiciTransport(),
        routing: {
            maxPrices: {
                ...(promptPer1M !== undefined && { prompt: promptPer1M }),
                ...(cachedPromptPer1M !== undefined && { cachedPrompt: cachedPromptPer1M }),
                ...(completionPer1M !== undefined && { completion: completionPer1M }),
            },
            regions: routing.regions,
            minStake: routing.minStake,
            nodes: routing.nodes,
            excludedNodes: routing.excludedNodes,
            maxAttempts: routing.maxAttempts,
            firstTokenTimeoutMs: milliseconds(routing.firstTokenTimeoutSeconds),
            refreshMs: milliseconds(routing.refreshSeconds),
            priceWeight: routing.priceWeight,
            explorationShare: routing.explorationShare,
        },
        funding,
        onEvent,
        onEvidence: (evidence) => onEvidence(evidence.violation, evidence.node),
    });
}

function milliseconds(seconds: number | undefined): number | undefined {
    return seconds === undefined ? undefined : seconds * 1000;
}
