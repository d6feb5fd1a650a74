import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { keyPairFromSeed, mnemonicNew } from '@ton/crypto';
import { type WalletKeys, walletKeyPair } from 'cocoon-daemon';
import { stringify } from 'yaml';
import { messageOf, SecretsError, systemCode } from '../errors';
import type { Secrets } from './secrets';

export { type WalletContract, type WalletKeys, walletContract } from 'cocoon-daemon';

// PKCS #8 wrapping of a raw 32-byte key (RFC 8410): the part before the key differs only in the curve.
const PKCS8_X25519 = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** Public half of an X25519 secret, 32 bytes. */
export function x25519PublicKey(secret: Uint8Array): Buffer {
    const key = createPrivateKey({
        key: Buffer.concat([PKCS8_X25519, secret]),
        format: 'der',
        type: 'pkcs8',
    });
    return Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x!, 'base64url');
}

/** Public half of the operator's Ed25519 key, 32 bytes. */
export function operatorPublicKey(secrets: Secrets): Buffer {
    return keyPairFromSeed(secrets.operatorSeed).publicKey;
}

/** Key pair of the operator wallet. Throws {@link SecretsError} on a mnemonic with a wrong word. */
export function walletKeys(secrets: Secrets): Promise<WalletKeys> {
    return walletKeyPair(secrets.wallet, SecretsError);
}

/**
 * Makes a new wallet, operator key and encryption key and writes them to `file` with mode 600.
 * Never overwrites: keys that a registered node uses cannot be made again.
 */
export async function writeNewSecrets(file: string): Promise<void> {
    const words = await mnemonicNew(24);
    const text = stringify({
        wallet: { mnemonic: words.join(' ') },
        operatorKey: randomBytes(32).toString('hex'),
        encryptionKey: randomBytes(32).toString('hex'),
    });
    try {
        const descriptor = openSync(file, 'wx', 0o600);
        try {
            writeSync(
                descriptor,
                `# Private keys of one cocoon-worker. Back up; never commit or share.\n${text}`,
            );
            fsyncSync(descriptor);
        } finally {
            closeSync(descriptor);
        }
    } catch (error) {
        const exists = systemCode(error) === 'EEXIST';
        throw new SecretsError(
            exists ? `${file} already exists` : `cannot write ${file}: ${messageOf(error)}`,
            exists
                ? 'choose another file; existing keys are never overwritten'
                : 'choose a writable directory',
        );
    }
}
