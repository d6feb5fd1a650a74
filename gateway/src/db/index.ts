export { migrate } from './migrate';
export { openDatabase } from './open';
export type { Database, Queryable, Row } from './types';
