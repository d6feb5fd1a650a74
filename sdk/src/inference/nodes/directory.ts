import type { Clock } from '../../utils';
import { ModelNotFoundError, NodesUnknownError } from '../errors';
import type { DirectoryState, ModelEntry } from './entry';

export type DirectoryOptions = {
    readonly read: () => Promise<DirectoryState>;
    readonly clock: Pick<Clock, 'now'>;
    readonly refreshMs: number;
    readonly onFailure: (error: unknown) => void;
};

/** Models and nodes from the chain: read once before the first use, then refreshed behind the requests that use it. */
export class Directory {
    private state: DirectoryState | undefined;
    private readAt = Number.NEGATIVE_INFINITY;
    private reading: Promise<DirectoryState> | undefined;

    constructor(private readonly options: DirectoryOptions) {}

    /** What is known; waits for the chain only where nothing is. Throws NodesUnknownError. */
    get(): DirectoryState | Promise<DirectoryState> {
        if (this.state === undefined) return this.first();
        if (this.options.clock.now() - this.readAt >= this.options.refreshMs)
            void this.refresh().catch(() => undefined);
        return this.state;
    }

    /** Reads the chain now; several callers share one read. */
    refresh(): Promise<DirectoryState> {
        this.reading ??= this.read();
        return this.reading;
    }

    private async first(): Promise<DirectoryState> {
        try {
            return await this.refresh();
        } catch (cause) {
            throw new NodesUnknownError({ cause });
        }
    }

    private async read(): Promise<DirectoryState> {
        try {
            this.state = await this.options.read();
            return this.state;
        } catch (error) {
            this.options.onFailure(error);
            throw error;
        } finally {
            // Also after a failure, so that a chain that cannot be reached is not asked for every request.
            this.readAt = this.options.clock.now();
            this.reading = undefined;
        }
    }
}

/** Finds a model by name, or by its id in hex digits. Throws ModelNotFoundError. */
export function findModel({ models }: DirectoryState, name: string): ModelEntry {
    const byName = models.find((model) => model.name === name);
    if (byName !== undefined) return byName;
    const id = /^(0x)?[0-9a-fA-F]{64}$/.test(name)
        ? BigInt(name.startsWith('0x') ? name : `0x${name}`)
        : undefined;
    const byId = models.find(({ modelId }) => modelId === id);
    if (byId === undefined) throw new ModelNotFoundError(name);
    return byId;
}
