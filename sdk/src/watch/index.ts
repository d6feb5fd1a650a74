export { type Cursor, type CursorStore, memoryCursorStore } from './cursor';
export { WatchGapError } from './errors';
export { type WatchAccountOptions, type WatchedTransaction, watchAccount } from './watch-account';
