import type { DaemonError, DaemonErrorClass } from './daemon-error';
import { messageOf, systemCode } from './describe';
import { CommonExitCode } from './exit-codes';

export interface ListenAddress {
    host: string;
    port: number;
}

/** Why a server does not listen, as the daemon's own error `port_taken` or `port_refused`. */
export function listenError<E extends DaemonError>(
    Failure: DaemonErrorClass<E>,
    cause: unknown,
    { host, port, remedy }: ListenAddress & { remedy: string },
): E {
    const taken = systemCode(cause) === 'EADDRINUSE';
    return new Failure(
        taken ? `port ${port} on ${host} is taken` : `cannot listen on ${host}:${port}: ${messageOf(cause)}`,
        { code: taken ? 'port_taken' : 'port_refused', remedy, exitCode: CommonExitCode.Port, cause },
    );
}
