import { Address } from '@ton/core';
import { pino } from 'pino';
import { parseConfig } from '../../src/config/load';
import { Secrets } from '../../src/config/secrets';

/** A complete, valid gateway.yaml as an object; tests change one thing each. */
export function validConfig() {
    return {
        network: {
            id: -3,
            endpoints: ['http://127.0.0.1:9/jsonRPC'],
            registry: new Address(0, Buffer.alloc(32, 7)).toString(),
        },
        http: { port: 0 } as Record<string, unknown>,
        lease: { seconds: 300 } as Record<string, unknown>,
    };
}

export const gatewayConfig = (changes: object = {}) => parseConfig({ ...validConfig(), ...changes });

export const SECRETS_ENVIRONMENT = {
    COCOON_GATEWAY_SECRETS_WALLET_SEED: '01'.repeat(32),
    COCOON_GATEWAY_SECRETS_MASTER_KEY: '02'.repeat(32),
};

export const testSecrets = (databaseUrl?: string) =>
    new Secrets({ wallet: { seed: '01'.repeat(32) }, masterKey: '02'.repeat(32), databaseUrl });

export const silent = pino({ level: 'silent' });
