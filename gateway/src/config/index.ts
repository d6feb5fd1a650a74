export { loadConfig, parseConfig } from './load';
export type { DatabaseConfig, GatewayConfig } from './schema';
export { loadSecrets, Secrets } from './secrets';
export { parseAmount } from './values';
export { gatewayWallet } from './wallet';
