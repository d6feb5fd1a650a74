export { exclusiveSender, sqlPendingStore } from './pending-store';
export { type SqlBookOptions, SqlChannelBook } from './sql-book';
