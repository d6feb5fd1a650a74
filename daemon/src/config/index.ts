export { expectation } from './issues';
export { type LoadedSettings, loadSettings, parseSettings } from './load';
export type { SettingsProfile } from './profile';
export {
    type LogSettings,
    logSection,
    networkSection,
    secretsSection,
    type WalletVersion,
    walletSection,
} from './sections';
export { address, amount, environmentName, hex32, httpUrl, parseAmount, positiveInteger } from './values';
