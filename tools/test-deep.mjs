// The long tests: 100,000 random sequences over all contracts and a tenth as many over a vault alone, split over the processors,
// 200 kills of worker and gateway, 2,100 completions for the verifier, and mutants of each contract. COCOON_SEQUENCES,
// COCOON_MUTANTS (of each folder of contracts) and COCOON_SEED change how many and which.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const sequences = Number(process.env.COCOON_SEQUENCES ?? 100_000);
const mutants = Number(process.env.COCOON_MUTANTS ?? 100);
const firstSeed = Number(process.env.COCOON_SEED ?? 1);
const processes = Math.min(availableParallelism(), 16);
/** Short enough that a failure is told soon, and that no process is left alone at the end. */
const BATCH = 500;
const PROGRESS_SECONDS = 60;

const suites = [
    { spec: 'tests/invariants/invariants.spec.ts', variable: 'COCOON_SEQUENCES', count: sequences },
    {
        spec: 'tests/vault/invariants/invariants.spec.ts',
        variable: 'COCOON_VAULT_SEQUENCES',
        count: Math.ceil(sequences / 10),
    },
];
const batches = suites.flatMap(({ spec, variable, count }) =>
    Array.from({ length: Math.ceil(count / BATCH) }, (_, i) => ({
        spec,
        variable,
        count: Math.min(BATCH, count - i * BATCH),
        seed: firstSeed + i * BATCH,
    })),
);
const total = suites.reduce((sum, { count }) => sum + count, 0);
const startedAt = Date.now();
let done = 0;
let failed = 0;
let found = false;

const progress = setInterval(tell, PROGRESS_SECONDS * 1_000);
await Promise.all(Array.from({ length: processes }, work));
clearInterval(progress);
tell();
for (const spec of [
    'reference-worker/tests/services/crash',
    'reference-worker/tests/sessions/crash',
    'reference-worker/tests/verifier/verifier',
    'tests/e2e/gateway-crash',
]) {
    if (!(await passes(`${spec}.spec.ts`, {}))) failed += 1;
}
const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1);
console.log(
    `deep: ${done} of ${total} sequences on ${processes} processes in ${minutes} minutes, ${failed} failed`,
);
if (mutants > 0 && !(await killsMutants())) failed += 1;
process.exitCode = failed > 0 ? 1 : 0;

/** Takes batches until there are none, or until one has failed. */
async function work() {
    for (let batch = batches.shift(); batch && !found; batch = batches.shift()) {
        const { spec, variable, count, seed } = batch;
        if (await passes(spec, { [variable]: String(count), COCOON_SEED: String(seed) })) done += count;
        else {
            failed += 1;
            found = true;
        }
    }
}

/** Prints its score itself. */
async function killsMutants() {
    const script = join(root, 'tools', 'mutation', 'main.ts');
    const options = [`--sample=${mutants}`, `--seed=${firstSeed}`, `--workers=${processes}`];
    const child = spawn(process.execPath, ['--import', 'tsx', script, ...options], {
        cwd: root,
        stdio: ['ignore', 'inherit', 'inherit'],
    });
    const [code] = await once(child, 'exit');
    return code === 0;
}

function tell() {
    const seconds = (Date.now() - startedAt) / 1_000;
    const left = done > 0 ? `, about ${Math.ceil(((total - done) * seconds) / done / 60)} minutes left` : '';
    console.log(`deep: ${done} of ${total} sequences after ${Math.round(seconds / 60)} minutes${left}`);
}

/** A passing spec shows what it measured, of a failing one all is shown. */
async function passes(spec, environment) {
    const child = spawn(process.execPath, [jest, spec, '--testTimeout=86400000'], {
        cwd: root,
        env: { ...process.env, ...environment, COCOON_DEEP: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => said.push(line));
    }
    const [code] = await once(child, 'exit');
    const shown = code === 0 ? said.filter((line) => line.startsWith('measured: ')) : said;
    if (shown.length > 0) console.log(shown.join('\n'));
    return code === 0;
}
