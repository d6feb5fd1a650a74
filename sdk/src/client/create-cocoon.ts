import { disputeActions, jobActions, networkActions, nodeActions, vaultActions } from '../actions';
import { createFetch } from '../inference/fetch';
import { createInference } from '../inference/inference';
import type { InferenceOptions } from '../inference/options';
import type { Inference } from '../inference/types';
import { type Bound, bindActions } from './bind';
import { BasicClient, type CocoonClient } from './client';
import { type CocoonOptions, clientParts } from './options';

/** A client with all actions bound. */
export interface Cocoon extends CocoonClient {
    readonly nodes: Bound<typeof nodeActions>;
    readonly jobs: Bound<typeof jobActions>;
    readonly vaults: Bound<typeof vaultActions>;
    readonly disputes: Bound<typeof disputeActions>;
    readonly network: Bound<typeof networkActions>;
    /** Real-time inference, paid from a vault of this client. */
    readonly inference: Inference;
    /** The OpenAI API over `inference`: `new OpenAI({ fetch: cocoon.fetch, apiKey: 'unused', baseURL: 'https://cocoon.local/v1' })`. */
    readonly fetch: typeof globalThis.fetch;
}

/** Options of `createCocoon`. */
export type CreateCocoonOptions = CocoonOptions & {
    /** How `inference` and `fetch` choose nodes, and what they may spend. */
    inference?: Omit<InferenceOptions, 'client'>;
};

/**
 * Connects to a Cocoon network.
 * Throws InvalidArgumentError, RegistryUnknownError, WalletKeyMismatchError, TraceRootError.
 */
export function createCocoon(options: CreateCocoonOptions = {}): Cocoon {
    const client = new BasicClient(clientParts(options));
    const inference = createInference({ ...options.inference, client });
    return Object.assign(client, {
        nodes: bindActions(client, nodeActions),
        jobs: bindActions(client, jobActions),
        vaults: bindActions(client, vaultActions),
        disputes: bindActions(client, disputeActions),
        network: bindActions(client, networkActions),
        inference,
        fetch: createFetch(inference),
    });
}

/** As createCocoon, without bound actions: bundlers then keep only the actions that are imported. */
export function createClient(options: CocoonOptions = {}): CocoonClient {
    return new BasicClient(clientParts(options));
}
