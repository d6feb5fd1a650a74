import { systemClock } from 'cocoon-sdk';
import type { GatewayContext } from '../context';
import { messageOf } from '../errors';
import type { Files } from '../files';
import { ApiError } from '../http/api-error';
import { listPage } from '../http/page';
import type { ApiKey } from '../keys';
import type { Service } from '../lifecycle';
import { BatchLostError } from './held-batch';
import type { BatchJobs } from './jobs';
import { batchObject } from './object';
import { cancelBatch, createBatch, getBatch, leaseBatches, listBatches } from './store';
import { BatchWork } from './work';

export interface BatchesOptions {
    context: GatewayContext;
    files: Files;
    jobs: BatchJobs;
    /** Between two looks for batches that nobody works at. */
    pollMs?: number;
    /** Waits; rejects when the signal fires. */
    sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const ENDPOINT = '/v1/chat/completions';
const MAX_METADATA = 16;

/** Batches of all keys: the API's calls, and the work at those that this process leased. */
export class Batches implements Service {
    readonly name = 'batches';
    readonly #options: Required<BatchesOptions>;
    readonly #working = new Map<string, Promise<void>>();
    readonly #halt = new AbortController();
    #timer: NodeJS.Timeout | undefined;
    #looking: Promise<void> | undefined;

    constructor(options: BatchesOptions) {
        this.#options = { pollMs: 5_000, sleep: (ms, signal) => systemClock.sleep(ms, signal), ...options };
    }

    async start(): Promise<void> {
        this.#timer = setInterval(() => void this.look(), this.#options.pollMs);
        void this.look();
    }

    /** Puts batches down where they are: any process goes on with them. */
    async stop(): Promise<void> {
        clearInterval(this.#timer);
        this.#halt.abort();
        await this.#looking;
        await Promise.all(this.#working.values());
    }

    /** Takes up batches that nobody works at. */
    look(): Promise<void> {
        this.#looking ??= this.#takeUp().finally(() => {
            this.#looking = undefined;
        });
        return this.#looking;
    }

    /** Resolves when nothing is worked at here. */
    async settled(): Promise<void> {
        while (this.#working.size > 0) await Promise.all(this.#working.values());
    }

    /** Throws ApiError `batch_invalid`, `batch_endpoint_unsupported`, `file_not_found`. */
    async create(key: ApiKey, body: unknown) {
        const { context, files } = this.#options;
        const { inputFileId, endpoint, metadata } = readNewBatch(body);
        const file = await files.get(key.id, inputFileId);
        if (file.purpose !== 'batch') {
            throw new ApiError('batch_invalid', {
                param: 'input_file_id',
                message: 'The file has another purpose.',
            });
        }
        const row = await createBatch(context.database, context.sealer, {
            keyId: key.id,
            endpoint,
            inputFileId,
            metadata,
        });
        void this.look();
        return batchObject(row, context.sealer);
    }

    async get(key: ApiKey, id: string) {
        const { database, sealer } = this.#options.context;
        return batchObject(await getBatch(database, key.id, id), sealer);
    }

    async list(key: ApiKey, limit: number, after?: string) {
        const { database, sealer } = this.#options.context;
        const rows = await listBatches(database, key.id, limit + 1, after);
        return listPage(
            rows.map((row) => batchObject(row, sealer)),
            limit,
        );
    }

    async cancel(key: ApiKey, id: string) {
        const { database, sealer } = this.#options.context;
        return batchObject(await cancelBatch(database, key.id, id), sealer);
    }

    async #takeUp(): Promise<void> {
        const { context } = this.#options;
        const { database, membership, logger } = context;
        if (this.#halt.signal.aborted || !membership.valid) return;
        try {
            for (const row of await leaseBatches(database, membership.id, [...this.#working.keys()])) {
                const work = new BatchWork(this.#options, row, this.#halt.signal).run();
                const ended = work
                    .catch((error: unknown) => {
                        if (error instanceof BatchLostError || this.#halt.signal.aborted) return;
                        logger.warn(
                            { batch: row.id, reason: messageOf(error) },
                            'a batch is taken up again later',
                        );
                    })
                    .finally(() => this.#working.delete(row.id));
                this.#working.set(row.id, ended);
            }
        } catch (error) {
            logger.warn({ reason: messageOf(error) }, 'batches could not be looked for');
        }
    }
}

function readNewBatch(body: unknown) {
    const given = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
    const { input_file_id: inputFileId, endpoint, completion_window: window, metadata } = given;
    const invalid = (param: string, message: string) => new ApiError('batch_invalid', { param, message });
    if (typeof inputFileId !== 'string') throw invalid('input_file_id', 'input_file_id must name a file.');
    if (typeof endpoint !== 'string') throw invalid('endpoint', 'endpoint must be a path of the API.');
    if (endpoint !== ENDPOINT) throw new ApiError('batch_endpoint_unsupported', { param: 'endpoint' });
    if (window !== '24h') throw invalid('completion_window', 'completion_window must be "24h".');
    return { inputFileId, endpoint, metadata: readMetadata(metadata, invalid) };
}

function readMetadata(
    value: unknown,
    invalid: (param: string, message: string) => ApiError,
): Record<string, string> | undefined {
    if (value === undefined || value === null) return undefined;
    const entries = typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : undefined;
    const good = entries?.every(
        ([name, text]) => name.length <= 64 && typeof text === 'string' && text.length <= 512,
    );
    if (!entries || !good || entries.length > MAX_METADATA) {
        throw invalid('metadata', 'metadata must be up to 16 texts of 512 characters under names of 64.');
    }
    return Object.fromEntries(entries) as Record<string, string>;
}
