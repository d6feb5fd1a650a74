export { migrate } from './migrate';
export { openDatabase } from './open';
export type { Database, Queryable, QueryResult, Row } from './types';
