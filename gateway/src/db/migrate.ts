import { createHash } from 'node:crypto';
import { DatabaseError } from '../errors';
import { migrations } from './migrations';
import type { Database } from './types';

/** One change of the schema. What was released is never edited: the next number changes it. */
export interface Migration {
    readonly number: number;
    readonly name: string;
    /** Statements, in order; run in one transaction. */
    readonly statements: readonly string[];
}

/**
 * Brings the schema up to date, once, whoever else starts at the same time. Throws DatabaseError
 * `schema_newer` (another gateway release was here) or `schema_differs` (a migration was edited).
 */
export async function migrate(database: Database, list: readonly Migration[] = migrations): Promise<number> {
    return database.withLock('migrations', async () => {
        await database.query(`CREATE TABLE IF NOT EXISTS schema_migrations (
            number integer PRIMARY KEY, name text NOT NULL, hash text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now())`);
        const { rows } = await database.query<{ number: number; hash: string }>(
            'SELECT number, hash FROM schema_migrations',
        );
        const applied = new Map(rows.map((row) => [row.number, row.hash]));
        check(applied, list);
        let count = 0;
        for (const migration of list) {
            if (applied.has(migration.number)) continue;
            await apply(database, migration);
            count++;
        }
        return count;
    });
}

async function apply(database: Database, migration: Migration): Promise<void> {
    await database.transaction(async (tx) => {
        for (const statement of migration.statements) await tx.query(statement);
        await tx.query('INSERT INTO schema_migrations (number, name, hash) VALUES ($1, $2, $3)', [
            migration.number,
            migration.name,
            hashOf(migration),
        ]);
    });
}

function check(applied: ReadonlyMap<number, string>, list: readonly Migration[]): void {
    const known = new Map(list.map((migration) => [migration.number, hashOf(migration)]));
    for (const [number, hash] of applied) {
        const expected = known.get(number);
        if (expected === hash) continue;
        if (expected === undefined) {
            throw new DatabaseError(
                'schema_newer',
                `the database has migration ${number}, which this release does not know`,
                'run the release of cocoon-gateway that made it, or a newer one',
            );
        }
        throw new DatabaseError(
            'schema_differs',
            `migration ${number} of the database is not the one of this release`,
            'use the release that made the database; the schema was changed by something else',
        );
    }
}

function hashOf({ statements }: Migration): string {
    return createHash('sha256').update(statements.join(';\n')).digest('hex');
}
