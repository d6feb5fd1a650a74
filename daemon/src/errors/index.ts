export {
    DaemonError,
    type DaemonErrorClass,
    type DaemonErrorOptions,
    type SettledErrorClass,
} from './daemon-error';
export { describeError, exitCodeOf, messageOf, systemCode } from './describe';
export { CommonExitCode } from './exit-codes';
export { type ListenAddress, listenError } from './listen-error';
