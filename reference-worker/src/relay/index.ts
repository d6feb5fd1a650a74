export type { OperatorSigner } from './connection';
export { createRelayService, type RelayService, relayEndpoint } from './connector';
