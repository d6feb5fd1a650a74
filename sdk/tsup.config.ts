import { defineConfig, type Options } from 'tsup';

const common: Options = {
    format: ['esm', 'cjs'],
    sourcemap: true,
    target: 'es2022',
};

export default defineConfig([
    {
        ...common,
        entry: ['src/index.ts'],
        dts: { resolve: ['cocoon-wrappers'] },
        platform: 'neutral',
        // The wrappers are private: they become part of this package.
        noExternal: ['cocoon-wrappers'],
    },
    {
        ...common,
        entry: { node: 'src/node/index.ts' },
        dts: true,
        platform: 'node',
        // The other entry of this package, so that both share their classes.
        external: ['cocoon-sdk'],
    },
]);
