import { keyPairFromSeed, mnemonicToPrivateKey, mnemonicValidate } from '@ton/crypto';
import { WalletContractV4, WalletContractV5R1 } from '@ton/ton';
import type { Wallet } from 'cocoon-sdk';
import { SecretsError } from '../errors';
import type { GatewayConfig } from './schema';
import type { Secrets } from './secrets';

/** The wallet that deposits and posts. V5R1 binds the network id into its address; V4 does not. Throws SecretsError. */
export async function gatewayWallet(config: GatewayConfig, secrets: Secrets): Promise<Wallet> {
    const { publicKey, secretKey } = await keyPair(secrets);
    const contract =
        config.wallet.version === 'v4'
            ? WalletContractV4.create({ workchain: 0, publicKey })
            : WalletContractV5R1.create({
                  publicKey,
                  walletId: {
                      networkGlobalId: config.network.id,
                      context: { workchain: 0, walletVersion: 'v5r1', subwalletNumber: 0 },
                  },
              });
    return { contract: contract as Wallet['contract'], secretKey };
}

async function keyPair(secrets: Secrets) {
    const { wallet } = secrets;
    if ('seed' in wallet) return keyPairFromSeed(wallet.seed);
    if (!(await mnemonicValidate(wallet.mnemonic))) {
        throw new SecretsError(
            'wallet.mnemonic: the 24 words are not a valid TON mnemonic',
            'check the spelling and order of the words; password-protected mnemonics are not supported',
        );
    }
    return mnemonicToPrivateKey(wallet.mnemonic);
}
