import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export const paths = {
    root,
    tsconfig: join(root, 'tsconfig.json'),
    workerCli: join(root, 'reference-worker', 'src', 'cli.ts'),
    manifest: join(root, 'reference-worker', 'models', 'tiny-demo.manifest.json'),
};
