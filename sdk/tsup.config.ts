import { defineConfig } from 'tsup';

export default defineConfig({
    entry: ['src/index.ts'],
    format: ['esm', 'cjs'],
    dts: { resolve: ['cocoon-wrappers'] },
    sourcemap: true,
    clean: true,
    target: 'es2022',
    platform: 'neutral',
    // The wrappers are private: they become part of this package.
    noExternal: ['cocoon-wrappers'],
});
