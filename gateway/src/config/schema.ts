import {
    amount,
    httpUrl,
    logSection,
    networkSection,
    positiveInteger,
    secretsSection,
    walletSection,
} from 'cocoon-daemon';
import { z } from 'zod';

const database = z.discriminatedUnion(
    'type',
    [
        z.strictObject({ type: z.literal('pglite') }),
        z.strictObject({
            type: z.literal('postgres'),
            /** Without a password: that is a secret, see databaseUrl of the secrets. */
            url: z.string().min(1).optional(),
            poolSize: positiveInteger.max(200).default(10),
        }),
    ],
    { error: 'expected database.type to be pglite or postgres' },
);

const prices = z.strictObject({
    promptPer1M: amount.optional(),
    cachedPromptPer1M: amount.optional(),
    completionPer1M: amount.optional(),
});

const routing = z.strictObject({
    maxPrices: prices.prefault({}),
    regions: z.array(z.int().min(1).max(999)).optional(),
    minStake: amount.optional(),
    nodes: z.array(z.string().min(1)).optional(),
    excludedNodes: z.array(z.string().min(1)).optional(),
    maxAttempts: positiveInteger.max(32).optional(),
    firstTokenTimeoutSeconds: z.number().positive().optional(),
    refreshSeconds: z.number().positive().optional(),
    priceWeight: z.number().min(0).optional(),
    explorationShare: z.number().min(0).max(1).optional(),
});

const funding = z.strictObject({
    maxDeposit: amount.default(10_000_000_000n),
    deposit: amount.default(2_000_000_000n),
    maxPerNode: amount.default(1_000_000_000n),
    allocation: amount.default(200_000_000n),
    lowWater: z.number().min(0).max(1).default(0.5),
    initialNodes: positiveInteger.max(32).default(3),
    vault: z.string().min(1).optional(),
});

const limits = z.strictObject({
    /** A node refuses more than 4 MiB in all. */
    bodyBytes: positiveInteger.max(4_000_000).default(3_500_000),
    fileBytes: positiveInteger.max(512 * 2 ** 20).default(100 * 2 ** 20),
    /** Of all keys together; 0 turns the limit off. */
    concurrentRequests: z.int().min(0).default(1024),
    /** Counted for a request of a budgeted key that names no limit of tokens. */
    defaultMaxTokens: positiveInteger.default(4096),
    requestTimeoutSeconds: z.number().positive().default(600),
});

const batches = z.strictObject({
    enabled: z.boolean().default(true),
    /** Where nodes fetch sealed batches that are larger than a message (16 KB); this gateway as seen from outside. */
    publicUrl: httpUrl.optional(),
    maxLines: positiveInteger.max(50_000).default(50_000),
    concurrentJobs: positiveInteger.max(64).default(4),
    maxAttempts: positiveInteger.max(10).default(2),
    /** What a job offers besides, for the node's fees on chain: without it nobody does a small one. */
    feesPerJob: amount.default(60_000_000n),
    /** A job offers at least this for each line, and at most maxPricePerItem. */
    minPricePerItem: amount.default(1_000_000n),
    maxPricePerItem: amount.default(100_000_000n),
    /** Times the cheapest price of the model's nodes. */
    priceMargin: z.number().min(1).default(2),
});

const ledger = z.strictObject({
    /** Rows wait this long at most on their way from the local file into the database. */
    flushMilliseconds: positiveInteger.max(1000).default(250),
    flushRows: positiveInteger.max(10_000).default(1000),
    /** What a process reserves of a key's budget at a time. */
    budgetBlock: amount.default(20_000_000n),
    /** A block that was not used for so long goes back to the budget. */
    budgetIdleSeconds: z.number().positive().default(30),
});

/** gateway.yaml after defaults and environment overrides; amounts are nanoTON, paths are as written. */
export const configSchema = z.strictObject({
    network: networkSection,
    wallet: walletSection,
    secrets: secretsSection,
    /** This process's files: the ledger's tail and, with pglite, the database. One process, one directory. */
    directory: z.string().min(1).default('gateway-data'),
    database: database.prefault({ type: 'pglite' }),
    http: z
        .strictObject({
            host: z.string().min(1).default('127.0.0.1'),
            port: z.int().min(0).max(65_535).default(8080),
            corsOrigins: z.array(z.string().min(1)).default([]),
        })
        .prefault({}),
    models: z.array(z.string().min(1)).default([]),
    routing: routing.prefault({}),
    funding: funding.prefault({}),
    limits: limits.prefault({}),
    batches: batches.prefault({}),
    ledger: ledger.prefault({}),
    lease: z
        .strictObject({
            /** A process that dies is replaced after this time. */
            seconds: z.number().min(1).max(300).default(15),
        })
        .prefault({}),
    drain: z.strictObject({ timeoutSeconds: z.number().min(0).default(60) }).prefault({}),
    log: logSection,
});

export type GatewayConfig = z.output<typeof configSchema>;
export type DatabaseConfig = GatewayConfig['database'];
