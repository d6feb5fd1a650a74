import { createHash } from 'node:crypto';
import { mnemonicToPrivateKey, mnemonicValidate, mnemonicWordList } from '@ton/crypto';
import { WalletContractV5R1 } from '@ton/ton';

const WORDS = 24;
/** Wallet v5 puts the network into its address; the devnet runs the main network's configuration. */
const MAINNET_GLOBAL_ID = -239;

/** A wallet whose keys anybody can compute: for development on a local network only, never for real money. */
export interface DevelopmentWallet {
    address: string;
    version: 'v5r1';
    mnemonic: string[];
    publicKey: Buffer;
    secretKey: Buffer;
}

/** The development wallet with that number; the same seed and number always give the same wallet. */
export async function developmentWallet(seed: number, index: number): Promise<DevelopmentWallet> {
    const mnemonic = await mnemonicFor(`cocoon-devnet:${seed}:${index}`);
    const { publicKey, secretKey } = await mnemonicToPrivateKey(mnemonic);
    const wallet = WalletContractV5R1.create({
        publicKey,
        walletId: { networkGlobalId: MAINNET_GLOBAL_ID },
    });
    const address = wallet.address.toString({ bounceable: false });
    return { address, version: 'v5r1', mnemonic, publicKey, secretKey };
}

/** Derives word lists until one is valid: about one in 256 is. */
async function mnemonicFor(label: string): Promise<string[]> {
    for (let attempt = 0; ; attempt++) {
        const bits = createHash('sha512').update(`${label}:${attempt}`).digest();
        const words = Array.from({ length: WORDS }, (_, i) => wordAt(bits, i));
        if (await mnemonicValidate(words)) return words;
    }
}

/** The word that eleven bits select. */
function wordAt(bits: Buffer, index: number): string {
    let value = 0;
    for (let bit = index * 11; bit < index * 11 + 11; bit++) {
        value = (value << 1) | ((bits[bit >> 3]! >> (7 - (bit & 7))) & 1);
    }
    return mnemonicWordList[value]!;
}
