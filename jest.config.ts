import { availableParallelism } from 'node:os';
import type { Config } from 'jest';

const esmOnly = ['@noble', '@hpke', '@huggingface', '@electric-sql'].join('|');

const config: Config = {
    testEnvironment: 'node',
    roots: ['tests', 'daemon', 'sdk', 'devnet', 'reference-worker', 'relay', 'gateway'].map(
        (folder) => `<rootDir>/${folder}`,
    ),
    testMatch: ['**/*.spec.ts'],
    modulePathIgnorePatterns: ['<rootDir>/.*/dist/'],
    transform: {
        '^.+\\.(ts|js|mjs|cjs)$': [
            '@swc/jest',
            { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
        ],
    },
    transformIgnorePatterns: [`/node_modules/(?!(${esmOnly})/)`],
    moduleNameMapper: {
        '^(jssha|tweetnacl)$': '<rootDir>/tests/native/$1.cjs', // what @ton/core hashes and signs with, in JavaScript
        '^cocoon-wrappers$': '<rootDir>/wrappers/index.ts',
        '^cocoon-daemon$': '<rootDir>/daemon/src/index.ts',
        '^cocoon-sdk/node$': '<rootDir>/sdk/src/node/index.ts',
        '^cocoon-sdk$': '<rootDir>/sdk/src/index.ts',
        '^cocoon-devnet$': '<rootDir>/devnet/src/index.ts',
        '^cocoon-worker$': '<rootDir>/reference-worker/src/index.ts',
        '^cocoon-relay$': '<rootDir>/relay/src/index.ts',
        '^cocoon-gateway$': '<rootDir>/gateway/src/index.ts',
    },
    // Jest leaves a processor free, which on two is half of them.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testSequencer: '<rootDir>/tests/longest-first.cjs',
    testTimeout: 60_000,
};

export default config;
