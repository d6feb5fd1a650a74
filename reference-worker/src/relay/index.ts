export type { OperatorSigner } from './connection';
export { createRelayService, type RelayService, type RelayServiceOptions, relayEndpoint } from './connector';
