import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { SecretsError, systemCode } from '../errors';
import { hex32 } from './values';

const mnemonic = z
    .union([z.string(), z.array(z.string()).transform((words) => words.join(' '))])
    .transform((text) => text.trim().split(/\s+/))
    .refine((words) => words.length === 24, 'expected 24 words');

const secretsSchema = z.strictObject({
    wallet: z.union([z.strictObject({ mnemonic }), z.strictObject({ seed: hex32 })], {
        error: 'expected {mnemonic: "24 words"} or {seed: "64 hex digits"}',
    }),
    masterKey: hex32,
    databaseUrl: z.string().min(1).optional(),
});

type RawSecrets = z.output<typeof secretsSchema>;
export type WalletSecret = { mnemonic: string[] } | { seed: Buffer };

/** The gateway's secrets. Printing, inspecting or serialising an instance shows none of them. */
export class Secrets {
    readonly #raw: RawSecrets;

    constructor(raw: RawSecrets) {
        this.#raw = raw;
    }

    /** What the wallet that pays is derived from. */
    get wallet(): WalletSecret {
        const { wallet } = this.#raw;
        return 'mnemonic' in wallet
            ? { mnemonic: [...wallet.mnemonic] }
            : { seed: Buffer.from(wallet.seed, 'hex') };
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

const VARIABLES: [name: string, path: string[]][] = [
    ['COCOON_GATEWAY_SECRETS_WALLET_MNEMONIC', ['wallet', 'mnemonic']],
    ['COCOON_GATEWAY_SECRETS_WALLET_SEED', ['wallet', 'seed']],
    ['COCOON_GATEWAY_SECRETS_MASTER_KEY', ['masterKey']],
    ['COCOON_GATEWAY_SECRETS_DATABASE_URL', ['databaseUrl']],
];

const REMEDY =
    'name a YAML file with wallet and masterKey (64 hex digits: openssl rand -hex 32) as secrets.file, or set COCOON_GATEWAY_SECRETS_* (see the README)';

/**
 * Reads the secrets from a file that only its owner can read, with `COCOON_GATEWAY_SECRETS_*` variables laid over it.
 * @param file path from gateway.yaml, relative to `directory`; undefined: environment only.
 */
export function loadSecrets(
    file: string | undefined,
    directory: string,
    environment: NodeJS.ProcessEnv = process.env,
): Secrets {
    const raw = file === undefined ? {} : readSecretsFile(resolve(directory, file));
    for (const [name, [first, second]] of VARIABLES) {
        const value = environment[name];
        if (value === undefined) continue;
        raw[first!] = second ? { [second]: value } : value;
    }
    const result = secretsSchema.safeParse(raw);
    if (result.success) return new Secrets(result.data);
    const issue = result.error.issues[0]!;
    const where = issue.path.join('.') || 'secrets';
    throw new SecretsError(`${where}: ${issue.message.replace(/^Invalid input: /, '')}`, REMEDY);
}

function readSecretsFile(file: string): Record<string, unknown> {
    try {
        assertPrivate(file);
        const raw: unknown = parseYaml(readFileSync(file, 'utf8'));
        if (typeof raw === 'object' && raw !== null && !Array.isArray(raw))
            return raw as Record<string, unknown>;
    } catch (error) {
        if (error instanceof SecretsError) throw error;
        if (systemCode(error) === 'ENOENT') throw new SecretsError(`secrets file not found: ${file}`, REMEDY);
        // The cause stays out: a YAML error quotes the line, and the line is a key.
        throw new SecretsError(
            `secrets file cannot be read: ${file} (${systemCode(error) ?? 'not valid YAML'})`,
            REMEDY,
        );
    }
    throw new SecretsError(`secrets file is not a mapping of keys: ${file}`, REMEDY);
}

function assertPrivate(file: string): void {
    const mode = statSync(file).mode & 0o777;
    // Windows has no POSIX mode bits; the directory's access list guards the file there.
    if (process.platform === 'win32' || (mode & 0o077) === 0) return;
    throw new SecretsError(
        `secrets file can be read by other users: ${file} (mode ${mode.toString(8)})`,
        `chmod 600 ${file}; if others had access to it, rotate the keys`,
    );
}
