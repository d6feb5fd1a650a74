import { generateKeyPairSync, sign } from 'node:crypto';
import { createLogger } from '../../src/observability';
import type { OperatorSigner } from '../../src/relay';
import type { SessionAnswer, SessionCall, SessionHandler } from '../../src/sessions';

/** An operator key of its own. */
export function newOperator(): OperatorSigner & { hex: string } {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url');
    return {
        publicKey: raw,
        hex: raw.toString('hex'),
        sign: (hash) => sign(null, hash, privateKey),
    };
}

export const silent = () => createLogger({ level: 'silent', pretty: false });

/** A logger and the lines that it wrote. */
export async function recorded() {
    const lines: { msg: string; code?: number; waitMs?: number }[] = [];
    const logger = await createLogger(
        { level: 'debug', pretty: false },
        { write: (line) => void lines.push(JSON.parse(line)) },
    );
    return { logger, lines };
}

export function handler(
    handle: (call: SessionCall) => Promise<SessionAnswer> | SessionAnswer,
): SessionHandler {
    return { handle: async (call) => handle(call) };
}

export const OCTETS = { 'content-type': 'application/octet-stream' };
