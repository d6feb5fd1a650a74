export { reserveIn, settleBlocks } from './blocks';
export { Budgets, type Hold } from './budget';
export type { LedgerEntry, LedgerStart } from './entry';
export { insertEntries } from './insert';
export { Ledger, type OpenEntry } from './ledger';
export { noteRecovered, type Recovered, replayLeft, settleDead, settleOwn } from './recovery';
export { LedgerWal } from './wal';
