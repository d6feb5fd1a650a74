import { Address } from '@ton/core';

const REGISTRY = new Address(0, Buffer.alloc(32, 7)).toString();

/** A complete, valid worker.yaml as an object; tests change one thing each. */
export function validConfig() {
    return {
        network: { id: -3, endpoints: ['http://127.0.0.1:8081/jsonRPC'], registry: REGISTRY },
        node: { index: 0 },
        models: [
            {
                name: 'nothing',
                modelId: '11'.repeat(32),
                engine: { type: 'null' } as Record<string, unknown>,
                pricing: { minPricePerItem: '0.5 TON' } as Record<string, unknown>,
            } as Record<string, unknown>,
        ],
        policy: {} as Record<string, unknown>,
        journal: { path: 'journal.db' } as Record<string, unknown>,
        http: { port: 0 } as Record<string, unknown>,
    };
}

export const SECRETS_ENVIRONMENT = {
    COCOON_WORKER_SECRETS_WALLET_SEED: '01'.repeat(32),
    COCOON_WORKER_SECRETS_OPERATOR_KEY: '02'.repeat(32),
    COCOON_WORKER_SECRETS_ENCRYPTION_KEY: '03'.repeat(32),
};
