import type { Cursor, CursorStore } from 'cocoon-sdk';
import type { Journal } from '../journal';

/** Keeps the SDK's cursors in the journal. */
export function journalCursors(journal: Journal): CursorStore {
    return {
        get: async (key) => journal.cursors.get(key),
        set: async (key, cursor: Cursor) => journal.cursors.set(key, cursor),
    };
}
