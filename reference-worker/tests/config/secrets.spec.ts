import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import {
    loadSecrets,
    operatorPublicKey,
    walletContract,
    walletKeys,
    writeNewSecrets,
    x25519PublicKey,
} from '../../src/config';
import { SecretsError } from '../../src/errors';
import { SECRETS_ENVIRONMENT } from '../helpers/config';
import { temporaryDirectory } from '../helpers/temporary';

const directory = temporaryDirectory();

test('a new secrets file is private, complete, and never overwritten', async () => {
    const file = join(directory, 'new.yaml');
    await writeNewSecrets(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const secrets = loadSecrets('new.yaml', directory, {});
    const { publicKey } = await walletKeys(secrets);
    expect(publicKey).toHaveLength(32);
    expect(operatorPublicKey(secrets)).toHaveLength(32);
    await expect(writeNewSecrets(file)).rejects.toThrow(/already exists/);
    expect(loadSecrets('new.yaml', directory, {}).operatorSeed).toEqual(secrets.operatorSeed);
});

test('a file that others can read is refused with exit code 3', () => {
    const file = join(directory, 'open.yaml');
    writeFileSync(file, 'wallet: {}', { mode: 0o600 });
    chmodSync(file, 0o640);
    expect(() => loadSecrets(file, '.', {})).toThrow(
        expect.objectContaining({
            message: expect.stringMatching(/other users.*640/),
            remedy: expect.stringMatching(/chmod 600/),
            exitCode: 3,
        }),
    );
});

test('problems are named without the value', () => {
    const file = join(directory, 'bad.yaml');
    const message = (text: string) => {
        writeFileSync(file, text, { mode: 0o600 });
        try {
            loadSecrets(file, '.', {});
        } catch (error) {
            expect(error).toBeInstanceOf(SecretsError);
            return `${(error as Error).message} ${inspect(error)}`;
        }
        throw new Error('accepted');
    };
    expect(message('wallet: {seed: hunter2}')).toMatch(/wallet\.seed: expected 64/);
    expect(message(`wallet: {seed: "${'00'.repeat(32)}"}\noperatorKey: hunter2`)).toMatch(
        /operatorKey: expected 64/,
    );
    expect(message('hunter2: [')).toMatch(/cannot be read/);
    expect(message('hunter2: [')).not.toMatch(/hunter2/);
    expect(message('wallet: hunter2')).toMatch(/wallet: expected \{mnemonic/);
    expect(message('operatorKey: hunter2')).not.toMatch(/hunter2/);
    expect(() => loadSecrets('none.yaml', directory, {})).toThrow(/not found/);
});

test('a mnemonic with a wrong word is refused', async () => {
    const secrets = loadSecrets(undefined, '.', {
        ...SECRETS_ENVIRONMENT,
        COCOON_WORKER_SECRETS_WALLET_SEED: undefined,
        COCOON_WORKER_SECRETS_WALLET_MNEMONIC: Array(24).fill('abandon').join(' '),
    });
    await expect(walletKeys(secrets)).rejects.toThrow(/not a valid TON mnemonic/);
});

test('secrets show nothing when printed, inspected, serialised or cloned', () => {
    const secrets = loadSecrets(undefined, '.', SECRETS_ENVIRONMENT);
    const shown =
        inspect(secrets, { depth: 9, showHidden: true }) + JSON.stringify({ secrets }) + String(secrets);
    expect(shown).not.toMatch(/0101|0202|0303/);
});

test('public halves', () => {
    // As @noble/curves computes it for the same secret.
    expect(x25519PublicKey(Buffer.alloc(32, 3)).toString('hex')).toBe(
        '5dfedd3b6bd47f6fa28ee15d969d5bb0ea53774d488bdaf9df1c6e0124b3ef22',
    );
    const key = Buffer.alloc(32, 1);
    const addresses = [
        walletContract(key, 'v4', -3),
        walletContract(key, 'v5r1', -3),
        walletContract(key, 'v5r1', -239),
    ];
    expect(new Set(addresses.map(({ address }) => address.toRawString())).size).toBe(3);
});
