export { readSecrets, type SecretsProfile } from './load';
export {
    type WalletContract,
    type WalletKeys,
    type WalletSecret,
    walletContract,
    walletKeyPair,
    walletSecretOf,
    walletSecretSchema,
} from './wallet';
