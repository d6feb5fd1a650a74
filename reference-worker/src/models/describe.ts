import { stat } from 'node:fs/promises';
import { systemCode } from '../errors';
import { describeGguf } from './describe-gguf';
import { describeSafetensors } from './describe-safetensors';
import { ModelError } from './errors';
import type { ModelManifest } from './manifest';

/** What the files of a model say of it. */
export type ModelDescription = Pick<
    ModelManifest,
    'weights' | 'tokenizer' | 'architecture' | 'quantization' | 'contextLength' | 'engine'
>;

/** Reads a GGUF file, or a folder as vLLM loads it. Throws {@link ModelError}. */
export async function describeModel(path: string): Promise<ModelDescription> {
    let found: Awaited<ReturnType<typeof stat>>;
    try {
        found = await stat(path);
    } catch (error) {
        throw new ModelError(
            'model_file_missing',
            `model not found: ${path} (${systemCode(error) ?? 'read error'})`,
            'name a GGUF file, or a folder with config.json, tokenizer.json and *.safetensors',
        );
    }
    return found.isDirectory() ? describeSafetensors(path) : describeGguf(path, found.size);
}

/** Members in which the files differ from a manifest, as `weights.sha256`. The engine's version is not in the files. */
export function differences(manifest: ModelManifest, actual: ModelDescription): string[] {
    const { engine, contextLength, ...files } = actual;
    const paths: string[] = manifest.engine.name === engine.name ? [] : ['engine.name'];
    // A model may be served with less than it was trained for, never with more.
    if (manifest.contextLength > contextLength) paths.push('contextLength');
    for (const [member, value] of Object.entries(files)) {
        const said = manifest[member as keyof typeof files];
        if (typeof value === 'string') {
            if (said !== value) paths.push(member);
            continue;
        }
        for (const [name, inner] of Object.entries(value)) {
            if ((said as Record<string, unknown>)[name] !== inner) paths.push(`${member}.${name}`);
        }
    }
    return paths;
}
