import type { Account } from '../chain';

export type Data = NonNullable<Account['data']>;

/** Actual and expected value by name. */
export type Comparison = Record<string, [unknown, unknown]>;
