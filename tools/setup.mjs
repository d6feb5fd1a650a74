// Brings a clone to where everything runs: installs what is missing, compiles the contracts. Does nothing twice, and
// needs nothing but Node and npm. `--packages` also builds the publishable packages into their dist/.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exclusively } from './exclusive.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
    fail(
        `Cocoon needs Node.js 20.19 or later; this is ${process.version}. Install a newer one: https://nodejs.org`,
    );
}
await exclusively(join(root, '.setup-lock'), setUp);

async function setUp() {
    install();
    const { buildContracts } = await import('./build-contracts.mjs');
    if (!existsSync(join(root, 'build', '.stamp'))) console.error('Compiling the contracts (about 20 s) …');
    buildContracts();
    if (process.argv.includes('--packages')) {
        const { buildPackages } = await import('./build-packages.mjs');
        await buildPackages();
    }
}

/** Dependencies exactly as the lockfile has them. Install scripts stay off: none is needed, and some download binaries. */
function install() {
    const stampFile = join(root, 'node_modules', '.cocoon-lock');
    const lock = createHash('sha256')
        .update(readFileSync(join(root, 'package-lock.json')))
        .digest('hex');
    if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === lock) return;
    console.error('Installing dependencies (once) …');
    const result = spawnSync(
        'npm',
        ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
        {
            cwd: root,
            stdio: ['ignore', 2, 2],
            shell: process.platform === 'win32',
        },
    );
    if (result.status !== 0) {
        fail(
            'npm could not install the dependencies; its message stands above. Is the npm registry reachable?',
        );
    }
    writeFileSync(stampFile, lock);
}

function fail(message) {
    console.error(message);
    process.exit(1);
}
