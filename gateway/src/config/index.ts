export { parseAmount } from 'cocoon-daemon';
export { loadConfig, parseConfig } from './load';
export type { DatabaseConfig, GatewayConfig } from './schema';
export { loadSecrets, Secrets } from './secrets';
export { gatewayWallet } from './wallet';
