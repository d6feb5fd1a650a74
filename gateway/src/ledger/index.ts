export { type Reservation, type Reserved, reserveIn, settleBlocks } from './blocks';
export { Budgets, type BudgetsOptions, type Hold } from './budget';
export type { LedgerEntry, LedgerKind, LedgerStart } from './entry';
export { insertEntries } from './insert';
export { Ledger, type LedgerOptions, type OpenEntry } from './ledger';
export { noteRecovered, type Recovered, replayLeft, settleDead, settleOwn } from './recovery';
export { LedgerWal } from './wal';
