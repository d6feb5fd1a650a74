import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
    loadSecrets,
    operatorPublicKey,
    walletContract,
    walletKeys,
    writeNewSecrets,
    x25519PublicKey,
} from '../config';
import { ConfigError } from '../errors';

export interface KeysOptions {
    out: string;
    walletVersion: string;
    networkId: string;
}

/** `cocoon-worker keys` */
export async function keys(options: KeysOptions): Promise<void> {
    const { walletVersion } = options;
    if (walletVersion !== 'v5r1' && walletVersion !== 'v4') {
        throw new ConfigError(`unknown wallet version ${walletVersion}`, 'pass --wallet-version v5r1 or v4');
    }
    const networkId = Number(options.networkId);
    if (!Number.isInteger(networkId))
        throw new ConfigError('--network-id is not a whole number', 'pass -239 or -3');
    const file = resolve(options.out);
    const isNew = !existsSync(file);
    if (isNew) await writeNewSecrets(file);
    const secrets = loadSecrets(file, '.', {});
    const { publicKey } = await walletKeys(secrets);
    const wallet = walletContract(publicKey, walletVersion, networkId);
    print([
        isNew ? `wrote ${file} (mode 600): back it up` : `${file} exists; nothing was changed`,
        `operator wallet (${walletVersion})  ${wallet.address.toString({ bounceable: false })}`,
        `operator public key     ${operatorPublicKey(secrets).toString('hex')}`,
        `encryption public key   ${x25519PublicKey(secrets.encryptionSecret).toString('hex')}`,
    ]);
}

function print(lines: string[]): void {
    process.stdout.write(`${lines.join('\n')}\n`);
}
