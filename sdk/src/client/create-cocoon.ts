import { jobActions, networkActions, nodeActions, vaultActions } from '../actions';
import { type Bound, bindActions } from './bind';
import { BasicClient, type CocoonClient } from './client';
import { type CocoonOptions, clientParts } from './options';

/** A client with all actions bound. */
export interface Cocoon extends CocoonClient {
    readonly nodes: Bound<typeof nodeActions>;
    readonly jobs: Bound<typeof jobActions>;
    readonly vaults: Bound<typeof vaultActions>;
    readonly network: Bound<typeof networkActions>;
}

/**
 * Connects to a Cocoon network.
 * Throws InvalidArgumentError, RegistryUnknownError, WalletKeyMismatchError, TraceRootError.
 */
export function createCocoon(options: CocoonOptions = {}): Cocoon {
    const client = new BasicClient(clientParts(options));
    return Object.assign(client, {
        nodes: bindActions(client, nodeActions),
        jobs: bindActions(client, jobActions),
        vaults: bindActions(client, vaultActions),
        network: bindActions(client, networkActions),
    });
}

/** As createCocoon, without bound actions: bundlers then keep only the actions that are imported. */
export function createClient(options: CocoonOptions = {}): CocoonClient {
    return new BasicClient(clientParts(options));
}
