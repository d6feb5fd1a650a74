import { type DestinationStream, type Logger, type LoggerOptions, pino, stdSerializers } from 'pino';
import type { LogSettings } from '../config';
import { DaemonError } from '../errors';

export type { DestinationStream, Logger } from 'pino';

/** Keys whose values reach no daemon's log: user text, and keys of wallets and services. */
const SECRET_KEYS = [
    'prompt',
    'messages',
    'content',
    'text',
    'answer',
    'completion',
    'body',
    'mnemonic',
    'seed',
    'secretKey',
    'privateKey',
    'apiKey',
    'authorization',
    'secrets',
];

export interface CreateLoggerOptions {
    /**
     * Further keys whose values never reach a log, at the top level or one below. Code does not log user text or keys
     * in the first place; this is the second fence.
     */
    secretKeys: readonly string[];
    /** Default: standard output. */
    destination?: DestinationStream | undefined;
}

/** Structured logs, one JSON object a line. */
export async function createLogger(settings: LogSettings, options: CreateLoggerOptions): Promise<Logger> {
    const { secretKeys, destination } = options;
    const merged = { ...loggerOptions([...SECRET_KEYS, ...secretKeys]), level: settings.level };
    if (!settings.pretty) return destination ? pino(merged, destination) : pino(merged);
    const { default: pretty } = await import('pino-pretty');
    return pino(merged, pretty({ destination: destination ?? 1, sync: true }));
}

const loggerOptions = (keys: readonly string[]): LoggerOptions => ({
    base: undefined,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: keys.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
    serializers: { err: serializeError },
});

/** Errors of our own say everything in code, message and remedy; of others the stack is kept. */
function serializeError(error: Error): unknown {
    if (!(error instanceof DaemonError)) return stdSerializers.err(error);
    return { type: error.name, code: error.code, message: error.message, remedy: error.remedy };
}
