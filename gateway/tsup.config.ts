import { defineConfig } from 'tsup';

export default defineConfig({
    entry: { index: 'src/index.ts', cli: 'src/cli.ts' },
    format: ['esm'],
    target: 'node20',
    platform: 'node',
    dts: { entry: { index: 'src/index.ts' } },
    sourcemap: true,
    clean: true,
    // What daemons share is private: it becomes part of this package.
    noExternal: ['cocoon-daemon'],
    external: ['libsql', 'pg', '@electric-sql/pglite', 'pino', 'pino-pretty', 'prom-client', 'undici'],
});
