import type { Inference } from 'cocoon-sdk';
import type { SqlChannelBook } from './channels';
import type { Membership } from './cluster';
import type { GatewayConfig } from './config';
import type { Database } from './db';
import type { KeyCache } from './keys';
import type { Budgets, Ledger } from './ledger';
import type { RateLimiter } from './limits';
import type { ModelCache } from './models';
import type { Health, Logger, Metrics } from './observability';
import type { Running } from './running';
import type { Sealer } from './sealer';

/** Everything that routes and services are built from. Made once, by `createGateway`. */
export interface GatewayContext {
    readonly config: GatewayConfig;
    readonly logger: Logger;
    readonly metrics: Metrics;
    readonly health: Health;
    readonly database: Database;
    readonly sealer: Sealer;
    readonly membership: Membership;
    readonly book: SqlChannelBook;
    readonly inference: Inference;
    readonly models: ModelCache;
    readonly keys: KeyCache;
    readonly limiter: RateLimiter;
    readonly budgets: Budgets;
    readonly ledger: Ledger;
    readonly running: Running;
    /** Current time, Unix milliseconds. */
    readonly now: () => number;
}
