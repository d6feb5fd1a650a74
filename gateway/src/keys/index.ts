export { KeyCache } from './cache';
export { createKey, listKeys, revokeKey } from './store';
export type { ApiKey, BudgetPeriod, NewApiKey } from './types';
