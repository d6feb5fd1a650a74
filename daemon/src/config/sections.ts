import { z } from 'zod';
import { address, environmentName, httpUrl } from './values';

const endpoint = z.union(
    [
        httpUrl.transform((url) => ({ url, apiKeyEnv: undefined })),
        z.strictObject({ url: httpUrl, apiKeyEnv: environmentName.optional() }),
    ],
    { error: 'expected a URL, or {url, apiKeyEnv}' },
);

/** `network`: which chain, and how it is asked. */
export const networkSection = z.strictObject({
    id: z
        .int('expected the network id as a whole number (-239 mainnet, -3 testnet)')
        .min(-(2 ** 31))
        .max(2 ** 31 - 1),
    endpoints: z.array(endpoint).min(1, 'expected at least one toncenter v2 endpoint'),
    registry: address,
    timeoutSeconds: z.number().positive().default(15),
    pollSeconds: z.number().positive().default(2),
    ratePerSecond: z.number().positive().optional(),
});

/** `wallet`: the contract of the wallet that sends. */
export const walletSection = z.strictObject({ version: z.enum(['v5r1', 'v4']).default('v5r1') }).prefault({});

/** `secrets`: where they are kept. */
export const secretsSection = z.strictObject({ file: z.string().min(1).optional() }).prefault({});

/** `log`: how much is written, and for whom. */
export const logSection = z
    .strictObject({
        level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
        pretty: z.boolean().default(false),
    })
    .prefault({});

export type WalletVersion = z.output<typeof walletSection>['version'];
export type LogSettings = z.output<typeof logSection>;
