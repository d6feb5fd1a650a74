export type { ChainStats, DeliveryOrder, DeliveryPolicy, Supply } from './chain/types';
export { currentNetworkConfig, networkConfig } from './config/network-config';
export {
    CURRENT_PRICES,
    type ForwardPrices,
    type GasPrices,
    type NetworkPrices,
    PRICES_2024,
    type StoragePrices,
    scalePrices,
} from './config/prices';
export { DevnetControl } from './control/client';
export { type AccountInstall, createDevnet, type Devnet, type ListenOptions } from './devnet';
export { DevnetError, type DevnetErrorCode } from './errors';
export type { DevnetOptions, PolicyChange } from './options';
export type { ServerAddress } from './rpc/server';
export { type DevelopmentWallet, developmentWallet } from './wallets';
