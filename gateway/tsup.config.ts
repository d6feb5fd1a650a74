import { defineConfig } from 'tsup';

export default defineConfig({
    entry: { index: 'src/index.ts', cli: 'src/cli.ts' },
    format: ['esm'],
    target: 'node20',
    platform: 'node',
    dts: { entry: { index: 'src/index.ts' } },
    sourcemap: true,
    clean: true,
    external: ['libsql', 'pg', '@electric-sql/pglite', 'pino', 'pino-pretty', 'prom-client', 'undici'],
});
