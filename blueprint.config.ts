import type { Config } from '@ton/blueprint';

/** No network is preset: every run names the one it means (--testnet, --mainnet or --custom <endpoint>). */
export const config: Config = {
    requestTimeout: 20_000,
};
