import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export const paths = {
    root,
    tsconfig: join(root, 'tsconfig.json'),
    workerCli: join(root, 'reference-worker', 'src', 'cli.ts'),
    weights: join(root, 'reference-worker', 'models', 'tiny-demo-q8_0.gguf'),
    manifest: join(root, 'reference-worker', 'models', 'tiny-demo.manifest.json'),
};
