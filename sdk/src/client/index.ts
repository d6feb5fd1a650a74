export type { Action, Bound } from './bind';
export type { CocoonClient, WaitingOptions } from './client';
export { type Cocoon, type CreateCocoonOptions, createClient, createCocoon } from './create-cocoon';
export {
    DeploymentMismatchError,
    JobEndedError,
    JobMessageNotFoundError,
    JobNotFoundError,
    JobSecretMissingError,
    JobStateError,
    NetworkMismatchError,
    NetworkPausedError,
    NodeNotFoundError,
    RegistryUnknownError,
    SdkOutdatedError,
    SenderMissingError,
    TermsMismatchError,
} from './errors';
export { NETWORKS, type NetworkConfig, type NetworkName } from './networks';
export type { CocoonOptions } from './options';
