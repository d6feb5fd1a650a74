import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModelError } from './errors';

const SCHEME = 'embedded:';
const MODELS: Record<string, { weights: string; manifest: string }> = {
    'tiny-demo': { weights: 'tiny-demo-q8_0.gguf', manifest: 'tiny-demo.manifest.json' },
};

/** `embedded:tiny-demo` → the file inside this package; any other path → itself, relative to `directory`. */
export function resolveModelPath(path: string, kind: 'weights' | 'manifest', directory: string): string {
    if (!path.startsWith(SCHEME)) return resolve(directory, path);
    const name = path.slice(SCHEME.length);
    const entry = MODELS[name];
    if (!entry) {
        throw new ModelError(
            'model_file_missing',
            `no embedded model ${name}`,
            `embedded models are: ${Object.keys(MODELS).join(', ')}`,
        );
    }
    return join(packageModels(), entry[kind]);
}

/** This module lies in src/models when run from source and in dist/ when built: `models/` is looked for upwards. */
function packageModels(): string {
    let directory = dirname(fileURLToPath(import.meta.url));
    while (!existsSync(join(directory, 'models', MODELS['tiny-demo']!.manifest))) {
        const parent = dirname(directory);
        if (parent === directory) {
            throw new ModelError(
                'model_file_missing',
                'the embedded model is not part of this installation',
                'install cocoon-worker again',
            );
        }
        directory = parent;
    }
    return join(directory, 'models');
}
