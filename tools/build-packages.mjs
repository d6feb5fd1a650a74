// Builds the publishable packages with tsup, those that changed since the last time.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** In the order of their dependencies, with the folders that each is made of. */
const packages = [
    { name: 'devnet', sources: ['devnet'] },
    { name: 'sdk', sources: ['sdk', 'wrappers', 'build'] },
    { name: 'relay', sources: ['relay'] },
    {
        name: 'reference-worker',
        sources: ['reference-worker', 'relay', 'daemon', 'sdk', 'wrappers', 'build'],
    },
    { name: 'gateway', sources: ['gateway', 'daemon', 'sdk', 'wrappers', 'build'] },
];

export async function buildPackages({ only } = {}) {
    for (const { name, sources } of packages) {
        if (only && !only.includes(name)) continue;
        const stampFile = join(root, name, 'dist', '.stamp');
        const stamp = hashOf(sources);
        if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) continue;
        console.error(`Building ${name} …`);
        execFileSync(
            process.execPath,
            [join(root, 'node_modules', 'tsup', 'dist', 'cli-default.js'), '--silent'],
            {
                cwd: join(root, name),
                stdio: ['ignore', 2, 2],
            },
        );
        writeFileSync(stampFile, stamp);
    }
}

function hashOf(folders) {
    const hash = createHash('sha256');
    for (const folder of folders) {
        const files = readdirSync(join(root, folder), { recursive: true })
            .filter(
                (file) =>
                    /\.(ts|json|mjs)$/.test(file) &&
                    !/(^|[\\/])(dist|node_modules|tests)[\\/]|\.spec\.ts$/.test(file),
            )
            .filter((file) => statSync(join(root, folder, file)).isFile())
            .sort();
        for (const file of files) hash.update(file).update(readFileSync(join(root, folder, file)));
    }
    return hash.digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPackages();
