import { CocoonError, type CocoonErrorOptions } from '../errors';

/** The client does not know the Registry's address. */
export class RegistryUnknownError extends CocoonError {
    constructor(network: string, options?: CocoonErrorOptions) {
        super('registry_unknown', `The Registry of ${network} is not known.`, {
            ...options,
            details: { network },
        });
        this.name = 'RegistryUnknownError';
    }
}

/** The client can only read. */
export class SenderMissingError extends CocoonError {
    constructor(options?: CocoonErrorOptions) {
        super('sender_missing', 'This client has no wallet to send with.', options);
        this.name = 'SenderMissingError';
    }
}

/** Endpoint or Registry of another network. */
export class NetworkMismatchError extends CocoonError {
    constructor(expected: number, found: number) {
        super('network_mismatch', `The Registry is for network ${found}, not ${expected}.`, {
            details: { expected, found },
        });
        this.name = 'NetworkMismatchError';
    }
}

/** The guardian paused the network. `details.pausedUntil` in unix seconds. */
export class NetworkPausedError extends CocoonError {
    constructor(pausedUntil: number) {
        super(
            'network_paused',
            `The network is paused until ${new Date(pausedUntil * 1_000).toISOString()}.`,
            {
                details: { pausedUntil },
            },
        );
        this.name = 'NetworkPausedError';
    }
}

/** The network runs other contracts than this SDK has. */
export class SdkOutdatedError extends CocoonError {
    constructor(what: string) {
        super('sdk_outdated', `This SDK does not have the network's contracts: ${what}.`, {
            details: { what },
        });
        this.name = 'SdkOutdatedError';
    }
}

/** An endpoint's terms do not have the Registry's terms hash. */
export class TermsMismatchError extends CocoonError {
    constructor(expected: bigint, found: bigint) {
        super('terms_mismatch', 'The terms do not have the hash that the Registry names.', {
            details: { expected: expected.toString(16), found: found.toString(16) },
        });
        this.name = 'TermsMismatchError';
    }
}

/** A deployment differs from its configuration. */
export class DeploymentMismatchError extends CocoonError {
    constructor(what: string, expected: string, found: string) {
        super('deployment_mismatch', `${what} is ${found}, expected ${expected}.`, {
            details: { what, expected, found },
        });
        this.name = 'DeploymentMismatchError';
    }
}

/** No such node. */
export class NodeNotFoundError extends CocoonError {
    constructor(node: string, options?: CocoonErrorOptions) {
        super('node_not_found', `Node ${node} does not exist.`, { ...options, details: { node } });
        this.name = 'NodeNotFoundError';
    }
}

/** No open job there. */
export class JobNotFoundError extends CocoonError {
    constructor(job: string) {
        super('job_not_found', `There is no job at ${job}.`, { details: { job } });
        this.name = 'JobNotFoundError';
    }
}

/** The job's state does not allow this. */
export class JobStateError extends CocoonError {
    constructor(job: string, status: string, wanted: string) {
        super('job_state', `The job is ${status}, but it must be ${wanted}.`, {
            details: { job, status, wanted },
        });
        this.name = 'JobStateError';
    }
}

/** The job ended without a result. */
export class JobEndedError extends CocoonError {
    constructor(job: string, status: string) {
        super('job_ended', `The job ended as ${status}.`, { details: { job, status } });
        this.name = 'JobEndedError';
    }
}

/** The store has no secrets of the job. */
export class JobSecretMissingError extends CocoonError {
    constructor(job: string) {
        super('job_secret_missing', 'The secrets of this job are not in the job store.', {
            details: { job },
        });
        this.name = 'JobSecretMissingError';
    }
}

/** A message is not in the job's history. */
export class JobMessageNotFoundError extends CocoonError {
    constructor(job: string, message: string) {
        super('job_message_not_found', `No ${message} was found in the history of the job.`, {
            details: { job, message },
        });
        this.name = 'JobMessageNotFoundError';
    }
}
