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

const secretsSchema = z.strictObject({
    wallet: walletSecretSchema,
    masterKey: hex32,
    databaseUrl: z.string().min(1).optional(),
});

type RawSecrets = z.output<typeof secretsSchema>;

/** The gateway's secrets. Printing, inspecting or serialising an instance shows none of them. */
export class Secrets {
    readonly #raw: RawSecrets;

    constructor(raw: RawSecrets) {
        this.#raw = raw;
    }

    /** What the wallet that pays is derived from. */
    get wallet(): WalletSecret {
        return walletSecretOf(this.#raw.wallet);
    }

    /** 32 bytes: seals voucher keys, files and secrets of jobs in the database. The same for all processes on it. */
    get masterKey(): Buffer {
        return Buffer.from(this.#raw.masterKey, 'hex');
    }

    /** Connection string with the password; overrides database.url. */
    get databaseUrl(): string | undefined {
        return this.#raw.databaseUrl;
    }

    toJSON(): string {
        return '[secrets]';
    }
}

const PROFILE: SecretsProfile<typeof secretsSchema> = {
    schema: secretsSchema,
    variables: [
        ['COCOON_GATEWAY_SECRETS_WALLET_MNEMONIC', ['wallet', 'mnemonic']],
        ['COCOON_GATEWAY_SECRETS_WALLET_SEED', ['wallet', 'seed']],
        ['COCOON_GATEWAY_SECRETS_MASTER_KEY', ['masterKey']],
        ['COCOON_GATEWAY_SECRETS_DATABASE_URL', ['databaseUrl']],
    ],
    remedy: 'name a YAML file with wallet and masterKey (64 hex digits: openssl rand -hex 32) as secrets.file, or set COCOON_GATEWAY_SECRETS_* (see the README)',
    SecretsError,
};

/**
 * Reads the secrets from a file that only its owner can read, with `COCOON_GATEWAY_SECRETS_*` variables laid over it.
 * @param file path from gateway.yaml, relative to `directory`; undefined: environment only.
 */
export function loadSecrets(
    file: string | undefined,
    directory: string,
    environment: NodeJS.ProcessEnv = process.env,
): Secrets {
    return new Secrets(readSecrets(PROFILE, file, directory, environment));
}
