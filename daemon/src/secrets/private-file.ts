import { readFileSync, statSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { type SettledErrorClass, systemCode } from '../errors';

interface Failing {
    remedy: string;
    SecretsError: SettledErrorClass;
}

/** A YAML mapping out of a file that nobody but its owner can read. Throws `SecretsError`. */
export function readPrivateFile(file: string, { remedy, SecretsError }: Failing): Record<string, unknown> {
    try {
        assertPrivate(file, SecretsError);
        const raw: unknown = parseYaml(readFileSync(file, 'utf8'));
        if (typeof raw === 'object' && raw !== null && !Array.isArray(raw))
            return raw as Record<string, unknown>;
    } catch (error) {
        if (error instanceof SecretsError) throw error;
        if (systemCode(error) === 'ENOENT') throw new SecretsError(`secrets file not found: ${file}`, remedy);
        // The cause stays out: a YAML error quotes the line, and the line is a key.
        throw new SecretsError(
            `secrets file cannot be read: ${file} (${systemCode(error) ?? 'not valid YAML'})`,
            remedy,
        );
    }
    throw new SecretsError(`secrets file is not a mapping of keys: ${file}`, remedy);
}

function assertPrivate(file: string, SecretsError: SettledErrorClass): void {
    const mode = statSync(file).mode & 0o777;
    // Windows has no POSIX mode bits; the directory's access list guards the file there.
    if (process.platform === 'win32' || (mode & 0o077) === 0) return;
    throw new SecretsError(
        `secrets file can be read by other users: ${file} (mode ${mode.toString(8)})`,
        `chmod 600 ${file}; if others had access to it, rotate the keys`,
    );
}
