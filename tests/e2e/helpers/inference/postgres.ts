import { execFile, execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../../../demo/free-port';

const execute = promisify(execFile);

/** Folder of PostgreSQL's programs; undefined where it is not installed. */
export const postgresPrograms = findPrograms();

function findPrograms(): string | undefined {
    const debian = '/usr/lib/postgresql';
    const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
    const folders = [process.env.POSTGRES_BIN, ...versions.map((version) => join(debian, version, 'bin'))];
    return folders.find((folder) => folder !== undefined && existsSync(join(folder, 'initdb')));
}

/** initdb and postgres refuse to run as root: this account of the system does it then. */
const UNPRIVILEGED = 'nobody';

/** A PostgreSQL server of its own on a free port, as it comes: no setting of it is bent for tests. */
export class PostgresServer {
    private constructor(
        private readonly folder: string,
        readonly url: string,
    ) {}

    static async start(): Promise<PostgresServer> {
        const folder = mkdtempSync(join(tmpdir(), 'cocoon-postgres-'));
        if (isRoot()) {
            const id = (flag: string) => Number(execFileSync('id', [flag, UNPRIVILEGED]).toString());
            chownSync(folder, id('-u'), id('-g'));
        }
        const port = await freePort();
        const data = join(folder, 'data');
        await program(folder, 'initdb', ['-D', data, '-U', 'cocoon', '--auth=trust', '--encoding=UTF8']);
        const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1`;
        await program(folder, 'pg_ctl', [
            '-D',
            data,
            '-o',
            options,
            '-l',
            join(folder, 'log'),
            '-w',
            'start',
        ]);
        return new PostgresServer(folder, `postgres://cocoon@127.0.0.1:${port}/postgres`);
    }

    async stop(): Promise<void> {
        await program(this.folder, 'pg_ctl', [
            '-D',
            join(this.folder, 'data'),
            '-m',
            'immediate',
            '-w',
            'stop',
        ]);
        rmSync(this.folder, { recursive: true, force: true });
    }
}

function program(cwd: string, name: string, args: string[]): Promise<unknown> {
    const file = join(postgresPrograms!, name);
    if (!isRoot()) return execute(file, args, { cwd });
    return execute(
        'setpriv',
        ['--reuid', UNPRIVILEGED, '--regid', 'nogroup', '--clear-groups', file, ...args],
        {
            cwd,
            env: { PATH: process.env.PATH, LC_ALL: 'C', HOME: cwd },
        },
    );
}

function isRoot(): boolean {
    return process.getuid?.() === 0;
}
