import {
    address,
    amount,
    environmentName,
    hex32,
    httpUrl,
    logSection,
    networkSection,
    positiveInteger,
    secretsSection,
    walletSection,
} from 'cocoon-daemon';
import { z } from 'zod';

const node = z.union([z.strictObject({ index: z.int().min(0) }), z.strictObject({ address })], {
    error: 'expected either {index: 0, 1, 2…} or {address: EQ…}',
});

const llamaEngine = z
    .strictObject({
        type: z.literal('llama'),
        path: z.string().min(1).optional(),
        url: httpUrl.optional(),
        sha256: hex32.optional(),
        contextSize: positiveInteger.min(256, 'expected 256 tokens or more').default(4096),
        contexts: positiveInteger.max(64).default(1),
        threads: positiveInteger.default(1),
        gpu: z
            .union([z.literal(false), z.enum(['auto', 'cuda', 'metal', 'vulkan'])], {
                error: 'expected auto, cuda, metal, vulkan or false',
            })
            .default(false),
        embeddings: z.boolean().default(true),
    })
    .refine((engine) => (engine.path === undefined) !== (engine.url === undefined), {
        error: 'expected either path (a GGUF file) or url with sha256',
    })
    .refine((engine) => engine.url === undefined || engine.sha256 !== undefined, {
        error: 'expected the sha256 of the file next to url',
        path: ['sha256'],
    });

const openaiEngine = z.strictObject({
    type: z.literal('openai'),
    baseUrl: httpUrl,
    apiKeyEnv: environmentName.optional(),
    model: z.string().min(1),
    timeoutSeconds: z.number().positive().default(120),
    concurrency: positiveInteger.default(8),
    returnTokenIds: z.boolean().default(false),
    contextSize: positiveInteger.optional(),
    tokenizePath: z.string().startsWith('/', 'expected a path such as /tokenize').optional(),
    supports: z
        .strictObject({
            tools: z.boolean().default(true),
            jsonMode: z.boolean().default(true),
            jsonSchema: z.boolean().default(true),
            logprobs: z.boolean().default(true),
            embeddings: z.boolean().default(true),
            completions: z.boolean().default(true),
        })
        .prefault({}),
});

const nullEngine = z.strictObject({
    type: z.literal('null'),
    completionTokens: z.int().min(0).default(16),
    tokensPerStep: positiveInteger.default(1024),
    concurrency: positiveInteger.default(64),
});

const model = z
    .strictObject({
        name: z.string().min(1),
        modelId: hex32.optional(),
        manifest: z.string().min(1).optional(),
        engine: z.discriminatedUnion('type', [llamaEngine, openaiEngine, nullEngine], {
            error: 'expected engine.type to be llama, openai or "null" (in quotes)',
        }),
        pricing: z.strictObject({
            minPricePerItem: amount.default(0n),
            promptPer1M: amount.default(0n),
            completionPer1M: amount.default(0n),
        }),
    })
    .refine((entry) => (entry.modelId === undefined) !== (entry.manifest === undefined), {
        error: 'expected either modelId or manifest (a file from which the model id is derived)',
    });

const policy = z.strictObject({
    maxConcurrentJobs: positiveInteger.default(2),
    maxItems: positiveInteger.max(4096).default(4096),
    maxCollateral: amount.default(10_000_000_000n),
    minProfit: amount.default(0n),
    minExecutionSeconds: z.int().min(0).default(60),
    acceptPrivateUris: z.boolean().default(false),
});

const results = z.strictObject({
    publish: z.strictObject({ directory: z.string().min(1), baseUrl: httpUrl }).optional(),
});

const relayUrl = z.string().refine((text) => URL.canParse(text) && /^wss?:$/.test(new URL(text).protocol), {
    error: 'expected a URL that starts with wss:// (or ws:// on this machine)',
});

const sessions = z
    .strictObject({
        listen: z
            .strictObject({ host: z.string().min(1).default('0.0.0.0'), port: z.int().min(0).max(65_535) })
            .optional(),
        relay: relayUrl.optional(),
        chunkTokens: z.int().min(16).max(1024).default(128),
        maxConcurrent: positiveInteger.optional(),
        reservedSlots: z.int().min(0).default(1),
        maxUnredeemed: amount.default(5_000_000_000n),
        redeem: z
            .strictObject({
                minAmount: amount.default(1_000_000_000n),
                maxAgeSeconds: z.number().positive().default(3600),
                leastAmount: amount.default(20_000_000n),
            })
            .prefault({}),
        frames: z
            .strictObject({
                retainSeconds: z.number().min(660, 'expected 660 or more').default(900),
                maxBytes: positiveInteger.default(256 * 1024 * 1024),
            })
            .prefault({}),
    })
    .refine((entry) => entry.listen !== undefined || entry.relay !== undefined, {
        error: 'expected listen, or relay, or both',
    });

const juror = z.strictObject({
    enabled: z.boolean().default(true),
    stake: amount.optional(),
    models: z.array(z.string().min(1)).min(1, 'expected at least one model name').optional(),
    maxSeats: positiveInteger.max(8, 'expected 8 or less: a node holds no more seats').default(8),
    pollSeconds: z.number().positive().default(30),
});

/** worker.yaml after defaults and environment overrides; amounts are nanoTON, paths are as written. */
export const configSchema = z.strictObject({
    network: networkSection,
    node,
    wallet: walletSection,
    secrets: secretsSection,
    models: z.array(model).min(1, 'expected at least one model'),
    modelsDirectory: z.string().min(1).default('models'),
    policy: policy.prefault({}),
    results: results.prefault({}),
    sessions: sessions.optional(),
    juror: juror.optional(),
    journal: z.strictObject({ path: z.string().min(1), retentionDays: positiveInteger.default(90) }),
    http: z
        .strictObject({
            host: z.string().min(1).default('127.0.0.1'),
            port: z.int().min(0).max(65_535).default(9464),
        })
        .prefault({}),
    drain: z.strictObject({ timeoutSeconds: z.number().min(0).default(120) }).prefault({}),
    log: logSection,
});

export type WorkerConfig = z.output<typeof configSchema>;
export type ModelConfig = WorkerConfig['models'][number];
export type EngineConfig = ModelConfig['engine'];
export type LlamaEngineConfig = Extract<EngineConfig, { type: 'llama' }>;
export type OpenAiEngineConfig = Extract<EngineConfig, { type: 'openai' }>;
export type NullEngineConfig = Extract<EngineConfig, { type: 'null' }>;
export type Pricing = ModelConfig['pricing'];
export type Policy = WorkerConfig['policy'];
export type SessionsConfig = NonNullable<WorkerConfig['sessions']>;
export type JurorConfig = NonNullable<WorkerConfig['juror']>;
