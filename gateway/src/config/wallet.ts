import { walletContract, walletKeyPair } from 'cocoon-daemon';
import type { Wallet } from 'cocoon-sdk';
import { SecretsError } from '../errors';
import type { GatewayConfig } from './schema';
import type { Secrets } from './secrets';

/** The wallet that deposits and posts. Throws SecretsError. */
export async function gatewayWallet(config: GatewayConfig, secrets: Secrets): Promise<Wallet> {
    const { publicKey, secretKey } = await walletKeyPair(secrets.wallet, SecretsError);
    const contract = walletContract(publicKey, config.wallet.version, config.network.id);
    return { contract: contract as Wallet['contract'], secretKey };
}
