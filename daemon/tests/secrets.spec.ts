import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { z } from 'zod';
import {
    hex32,
    readSecrets,
    type SecretsProfile,
    walletContract,
    walletKeyPair,
    walletSecretOf,
    walletSecretSchema,
} from '../src';
import { SecretsError } from './helpers/errors';
import { temporaryDirectory } from './helpers/temporary';

const directory = temporaryDirectory();
const file = join(directory, 'secrets.yaml');
const schema = z.strictObject({ wallet: walletSecretSchema, sealKey: hex32 });
const profile: SecretsProfile<typeof schema> = {
    schema,
    variables: [
        ['COCOON_PROBE_SECRETS_WALLET_MNEMONIC', ['wallet', 'mnemonic']],
        ['COCOON_PROBE_SECRETS_WALLET_SEED', ['wallet', 'seed']],
        ['COCOON_PROBE_SECRETS_SEAL_KEY', ['sealKey']],
    ],
    remedy: 'make some',
    SecretsError,
};
const [seed, sealKey] = ['01'.repeat(32), '02'.repeat(32)];

function refused(text: string): string {
    writeFileSync(file, text, { mode: 0o600 });
    try {
        readSecrets(profile, 'secrets.yaml', directory, {});
    } catch (error) {
        expect(error).toBeInstanceOf(SecretsError);
        expect(error).toMatchObject({ code: 'secrets_invalid', exitCode: 3 });
        return inspect(error);
    }
    throw new Error('the secrets were accepted');
}

test('variables go before the file, and are enough without one', () => {
    writeFileSync(file, `wallet: {seed: "${seed}"}\nsealKey: "${seed}"\n`, { mode: 0o600 });
    const over = { COCOON_PROBE_SECRETS_SEAL_KEY: sealKey };
    expect(readSecrets(profile, 'secrets.yaml', directory, over)).toEqual({ wallet: { seed }, sealKey });
    const alone = { ...over, COCOON_PROBE_SECRETS_WALLET_SEED: seed };
    expect(readSecrets(profile, undefined, directory, alone)).toEqual({ wallet: { seed }, sealKey });
});

test('a file that others can read is refused, whatever it holds', () => {
    writeFileSync(file, 'wallet: {}', { mode: 0o600 });
    chmodSync(file, 0o640);
    expect(() => readSecrets(profile, file, '.', {})).toThrow(
        expect.objectContaining({
            message: expect.stringMatching(/other users.*640/),
            remedy: expect.stringMatching(/chmod 600/),
        }),
    );
    chmodSync(file, 0o600);
});

test.each([
    ['wallet: {seed: hunter2}', /wallet\.seed: expected 64/],
    [`wallet: {seed: "${seed}"}\nsealKey: hunter2`, /sealKey: expected 64/],
    ['wallet: hunter2', /wallet: expected \{mnemonic/],
    ['hunter2: [', /cannot be read: \S+secrets\.yaml/],
    ['- hunter2', /not a mapping/],
])('what is wrong is named without the value: %j', (text, message) => {
    const shown = refused(text);
    expect(shown).toMatch(message);
    expect(shown).not.toContain('hunter2');
});

test('a file that is not there: the remedy says how to come by one', () => {
    expect(() => readSecrets(profile, 'none.yaml', directory, {})).toThrow(
        expect.objectContaining({ message: expect.stringMatching(/not found/), remedy: 'make some' }),
    );
});

test('a wallet out of a seed or of words; words that are no mnemonic are refused', async () => {
    const { publicKey } = await walletKeyPair(walletSecretOf({ seed }), SecretsError);
    expect(publicKey).toHaveLength(32);
    const words = Array(24).fill('abandon');
    await expect(walletKeyPair(walletSecretOf({ mnemonic: words }), SecretsError)).rejects.toThrow(
        /not a valid TON mnemonic/,
    );
    const addresses = [
        walletContract(publicKey, 'v4', -3),
        walletContract(publicKey, 'v4', -239),
        walletContract(publicKey, 'v5r1', -3),
        walletContract(publicKey, 'v5r1', -239),
    ].map(({ address }) => address.toRawString());
    // Only V5R1 binds the network.
    expect(addresses[0]).toBe(addresses[1]);
    expect(new Set(addresses).size).toBe(3);
});
