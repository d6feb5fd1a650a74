import { keyPairFromSeed, mnemonicToPrivateKey, mnemonicValidate } from '@ton/crypto';
import { WalletContractV4, WalletContractV5R1 } from '@ton/ton';
import { z } from 'zod';
import { hex32, type WalletVersion } from '../config';
import type { SettledErrorClass } from '../errors';

const mnemonic = z
    .union([z.string(), z.array(z.string()).transform((words) => words.join(' '))])
    .transform((text) => text.trim().split(/\s+/))
    .refine((words) => words.length === 24, 'expected 24 words');

/** `wallet` of a secrets file. */
export const walletSecretSchema = z.union([z.strictObject({ mnemonic }), z.strictObject({ seed: hex32 })], {
    error: 'expected {mnemonic: "24 words"} or {seed: "64 hex digits"}',
});

/** What a wallet is derived from; the seed is 32 bytes. */
export type WalletSecret = { mnemonic: string[] } | { seed: Buffer };

export interface WalletKeys {
    publicKey: Buffer;
    secretKey: Buffer;
}

export type WalletContract = WalletContractV4 | WalletContractV5R1;

/** A checked `wallet` as a copy of its own. */
export function walletSecretOf(wallet: z.output<typeof walletSecretSchema>): WalletSecret {
    return 'mnemonic' in wallet
        ? { mnemonic: [...wallet.mnemonic] }
        : { seed: Buffer.from(wallet.seed, 'hex') };
}

/** Key pair of a wallet. Throws `SecretsError` on a mnemonic with a wrong word. */
export async function walletKeyPair(
    wallet: WalletSecret,
    SecretsError: SettledErrorClass,
): Promise<WalletKeys> {
    if ('seed' in wallet) return keyPairFromSeed(wallet.seed);
    if (!(await mnemonicValidate(wallet.mnemonic))) {
        throw new SecretsError(
            'wallet.mnemonic: the 24 words are not a valid TON mnemonic',
            'check the spelling and order of the words; password-protected mnemonics are not supported',
        );
    }
    return mnemonicToPrivateKey(wallet.mnemonic);
}

/** A wallet's contract in basechain. V5R1 binds the network id into its address; V4 does not. */
export function walletContract(publicKey: Buffer, version: WalletVersion, networkId: number): WalletContract {
    if (version === 'v4') return WalletContractV4.create({ workchain: 0, publicKey });
    return WalletContractV5R1.create({
        publicKey,
        walletId: {
            networkGlobalId: networkId,
            context: { workchain: 0, walletVersion: 'v5r1', subwalletNumber: 0 },
        },
    });
}
