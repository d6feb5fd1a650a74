export { exclusiveSender, sqlPendingStore } from './pending-store';
export { SqlChannelBook } from './sql-book';
