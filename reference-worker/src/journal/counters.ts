import type { Sqlite } from './sqlite';

/** Named totals that survive restarts: `claimSeq`, `jobsPaid`, `earnedNano`… */
export class CounterStore {
    readonly #db: Sqlite;

    constructor(db: Sqlite) {
        this.#db = db;
    }

    get(name: string): bigint {
        const row = this.#db.get('SELECT value FROM counters WHERE name = ?', name) as
            | { value: string }
            | undefined;
        return BigInt(row?.value ?? 0);
    }

    /** Adds and returns the new total. With the default it is a sequence that never gives a number twice. */
    add(name: string, by = 1n): bigint {
        return this.#db.atomically(() => {
            const value = this.get(name) + by;
            this.#db.run(
                `INSERT INTO counters (name, value) VALUES (?, ?)
                     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
                name,
                value.toString(),
            );
            return value;
        });
    }

    all(): Record<string, bigint> {
        const rows = this.#db.all('SELECT name, value FROM counters ORDER BY name') as {
            name: string;
            value: string;
        }[];
        return Object.fromEntries(rows.map(({ name, value }) => [name, BigInt(value)]));
    }
}
