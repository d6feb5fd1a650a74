export { KeyCache, type KeyCacheOptions } from './cache';
export { createKey, findKey, listKeys, revokeKey } from './store';
export type { ApiKey, BudgetPeriod, NewApiKey } from './types';
