import { PostgresServer, postgresPrograms } from '../../../tests/e2e/helpers/inference/postgres';
import { PgliteDatabase } from '../../src/db/pglite';
import { PostgresDatabase } from '../../src/db/postgres';
import type { Database } from '../../src/db/types';

export { PostgresServer };

/** `describe` for tests that need a real PostgreSQL; skipped, with the reason in the name, where there is none. */
export function describePostgres(name: string, body: () => void): void {
    if (postgresPrograms) describe(name, body);
    else describe.skip(`${name} (initdb of PostgreSQL was not found)`, body);
}

/** Runs the same tests on the embedded database and on a server. */
export function describeDatabases(name: string, body: (open: () => Database) => void): void {
    describe(`${name}, embedded`, () => {
        let database: Database;
        beforeAll(async () => {
            database = await PgliteDatabase.open();
        });
        afterAll(() => database?.close());
        body(() => database);
    });
    describePostgres(`${name}, on PostgreSQL`, () => {
        let server: PostgresServer;
        let database: Database;
        beforeAll(async () => {
            server = await PostgresServer.start();
            database = await PostgresDatabase.connect({ url: server.url, poolSize: 5 });
        });
        afterAll(async () => {
            await database?.close();
            await server?.stop();
        });
        body(() => database);
    });
}
