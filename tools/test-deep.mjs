// The long tests: 100,000 random sequences over Registry, nodes and jobs and a tenth as many over a vault, split over the
// processors, many kills of the worker, and mutants of the contracts. COCOON_SEQUENCES and COCOON_SEED change how many and which.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const sequences = Number(process.env.COCOON_SEQUENCES ?? 100_000);
const firstSeed = Number(process.env.COCOON_SEED ?? 1);
const processes = Math.min(availableParallelism(), 8);
const share = Math.ceil(sequences / processes);
const vaultShare = Math.ceil(sequences / 10 / processes);

const startedAt = Date.now();
const codes = await Promise.all(
    Array.from({ length: processes }, (_, i) =>
        run('tests/invariants/invariants.spec.ts', {
            COCOON_SEQUENCES: String(share),
            COCOON_SEED: String(firstSeed + i * share),
        }),
    ),
);
codes.push(
    ...(await Promise.all(
        Array.from({ length: processes }, (_, i) =>
            run('tests/vault/invariants/invariants.spec.ts', {
                COCOON_VAULT_SEQUENCES: String(vaultShare),
                COCOON_SEED: String(firstSeed + i * vaultShare),
            }),
        ),
    )),
);
codes.push(await run('reference-worker/tests/services/crash.spec.ts', { COCOON_DEEP: '1' }));
codes.push(await run('reference-worker/tests/verifier/verifier.spec.ts', { COCOON_DEEP: '1' }));
const minutesOfSequences = minutes();
codes.push(await mutate());
console.log(
    `deep: ${codes.filter((code) => code === 0).length} passed, ${codes.filter(Boolean).length} failed`,
);
console.log(
    `${(share + vaultShare) * processes} sequences in ${minutesOfSequences} minutes on ${processes} processes`,
);
process.exitCode = codes.some(Boolean) ? 1 : 0;

function run(spec, environment) {
    return start([jest, spec, '--testTimeout=86400000'], { ...environment, COCOON_DEEP: '1' });
}

/** Prints the score; COCOON_MUTANTS bounds how many of each folder of contracts/ are drawn. */
function mutate() {
    const sample = process.env.COCOON_MUTANTS ? [`--sample=${process.env.COCOON_MUTANTS}`] : [];
    const tool = ['--import', 'tsx', join('tools', 'mutation', 'main.ts')];
    return start([...tool, `--workers=${processes}`, `--seed=${firstSeed}`, ...sample], {});
}

function minutes() {
    return ((Date.now() - startedAt) / 60_000).toFixed(1);
}

async function start(given, environment) {
    const child = spawn(process.execPath, given, {
        cwd: root,
        env: { ...process.env, ...environment },
        stdio: 'inherit',
    });
    const [code] = await once(child, 'exit');
    return code ?? 1;
}
