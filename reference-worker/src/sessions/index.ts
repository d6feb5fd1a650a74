export type { SessionEnvironment } from './environment';
export { SessionHttpServer } from './http-server';
export { SessionMetrics } from './metrics';
export { SessionNode } from './node';
export { Redeemer } from './redeemer';
export { Redemption } from './redemption';
export { MAX_BODY_BYTES, type SessionAnswer, type SessionCall, type SessionHandler } from './types';
export { readVault, type VaultFacts } from './vault-facts';
