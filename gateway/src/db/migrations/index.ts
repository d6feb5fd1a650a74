import type { Migration } from '../migrate';
import { initial } from './0001-initial';

/** All changes of the schema, in order. */
export const migrations: readonly Migration[] = [initial];
