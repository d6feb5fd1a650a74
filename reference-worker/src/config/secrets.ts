import {
    hex32,
    readSecrets,
    type SecretsProfile,
    type WalletSecret,
    walletSecretOf,
    walletSecretSchema,
} from 'cocoon-daemon';
import { z } from 'zod';
import { SecretsError } from '../errors';

export type { WalletSecret } from 'cocoon-daemon';

const secretsSchema = z.strictObject({
    wallet: walletSecretSchema,
    operatorKey: hex32,
    encryptionKey: hex32,
});

type RawSecrets = z.output<typeof secretsSchema>;

/** The worker's private keys. Printing, inspecting or serialising an instance shows none of them. */
export class Secrets {
    readonly #raw: RawSecrets;

    constructor(raw: RawSecrets) {
        this.#raw = raw;
    }

    /** What the operator wallet is derived from. */
    get wallet(): WalletSecret {
        return walletSecretOf(this.#raw.wallet);
    }

    /** Ed25519 seed, 32 bytes: signs what the node answers for. */
    get operatorSeed(): Buffer {
        return Buffer.from(this.#raw.operatorKey, 'hex');
    }

    /** X25519 secret, 32 bytes: opens what clients seal to the node. */
    get encryptionSecret(): Buffer {
        return Buffer.from(this.#raw.encryptionKey, 'hex');
    }

    toJSON(): string {
        return '[secrets]';
    }
}

const PROFILE: SecretsProfile<typeof secretsSchema> = {
    schema: secretsSchema,
    variables: [
        ['COCOON_WORKER_SECRETS_WALLET_MNEMONIC', ['wallet', 'mnemonic']],
        ['COCOON_WORKER_SECRETS_WALLET_SEED', ['wallet', 'seed']],
        ['COCOON_WORKER_SECRETS_OPERATOR_KEY', ['operatorKey']],
        ['COCOON_WORKER_SECRETS_ENCRYPTION_KEY', ['encryptionKey']],
    ],
    remedy: 'run `cocoon-worker keys --out <file>` to make one, or set COCOON_WORKER_SECRETS_* (see the README)',
    SecretsError,
};

/**
 * Reads the secrets from a file that only its owner can read, with `COCOON_WORKER_SECRETS_*` variables laid over it.
 * @param file path from worker.yaml, relative to `directory`; undefined: environment only.
 */
export function loadSecrets(
    file: string | undefined,
    directory: string,
    environment: NodeJS.ProcessEnv = process.env,
): Secrets {
    return new Secrets(readSecrets(PROFILE, file, directory, environment));
}
