import type { Pricing, Secrets, WorkerConfig } from './config';
import type { Engine } from './engines';
import type { Journal } from './journal';
import type { ModelManifest } from './models';
import type { Health, Logger, Metrics } from './observability';
import type { Capacity } from './services/policy/capacity';

export type { Service } from 'cocoon-daemon';

/** One configured model, ready to serve. */
export interface ServedModel {
    /** 32 bytes in hexadecimal, as offers and jobs name it. */
    modelId: string;
    name: string;
    engine: Engine;
    /** Who may use the engine now: jobs and sessions together. */
    capacity: Capacity;
    /** nanoTON. */
    pricing: Pricing;
    manifest?: ModelManifest;
}

/** Everything that services are built from. Made once, by `createContext`. */
export interface WorkerContext {
    readonly config: WorkerConfig;
    /** Directory that relative paths of the config start from. */
    readonly directory: string;
    readonly secrets: Secrets;
    readonly logger: Logger;
    readonly metrics: Metrics;
    readonly health: Health;
    readonly journal: Journal;
    /** By model id. */
    readonly models: ReadonlyMap<string, ServedModel>;
    /** Current time, Unix milliseconds. */
    readonly now: () => number;
}
