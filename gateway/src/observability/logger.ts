import { type DestinationStream, type Logger, type LoggerOptions, pino, stdSerializers } from 'pino';
import type { GatewayConfig } from '../config';
import { GatewayError } from '../errors';

export type { Logger } from 'pino';

/**
 * Keys whose values never reach a log, at the top level or one below. Code does not log user text or keys in the first
 * place; this is the second fence.
 */
const SECRET_KEYS = [
    'prompt',
    'messages',
    'content',
    'text',
    'input',
    'answer',
    'completion',
    'body',
    'metadata',
    'filename',
    'mnemonic',
    'seed',
    'voucherSeed',
    'secretKey',
    'privateKey',
    'masterKey',
    'databaseUrl',
    'apiKey',
    'authorization',
    'secrets',
];

const options: LoggerOptions = {
    base: undefined,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
    serializers: { err: serializeError },
};

/** Errors of our own say everything in code, message and remedy; of others the stack is kept. */
function serializeError(error: Error): unknown {
    if (!(error instanceof GatewayError)) return stdSerializers.err(error);
    return { type: error.name, code: error.code, message: error.message, remedy: error.remedy };
}

/** Structured logs, one JSON object a line, on standard output. */
export async function createLogger(
    config: GatewayConfig['log'],
    destination?: DestinationStream,
): Promise<Logger> {
    const level = config.level;
    if (!config.pretty)
        return destination ? pino({ ...options, level }, destination) : pino({ ...options, level });
    const { default: pretty } = await import('pino-pretty');
    return pino({ ...options, level }, pretty({ destination: destination ?? 1, sync: true }));
}
