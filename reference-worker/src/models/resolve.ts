import { rm, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { LlamaEngineConfig, ModelConfig, WorkerConfig } from '../config';
import { type DownloadOptions, download } from './download';
import { resolveModelPath } from './embedded';
import { ModelError } from './errors';
import { type ModelManifest, modelIdOf, readManifest } from './manifest';
import { HashCache } from './verify';

export interface ResolvedModel {
    /** 32 bytes in hexadecimal: what offers and jobs name. */
    modelId: string;
    manifest?: ModelManifest;
    /** Verified GGUF file; only for `llama` engines. */
    file?: string;
}

export interface ResolveOptions extends Omit<DownloadOptions, 'onProgress'> {
    /** Where relative paths start: the directory of worker.yaml. */
    directory: string;
    /** Makes the progress callback of one download. */
    progress?: (label: string) => DownloadOptions['onProgress'];
}

/** Finds or downloads a model's file, checks its hash, and computes its id. Throws {@link ModelError}. */
export async function resolveModel(
    model: ModelConfig,
    config: Pick<WorkerConfig, 'modelsDirectory'>,
    options: ResolveOptions,
): Promise<ResolvedModel> {
    const manifest =
        model.manifest === undefined
            ? undefined
            : readManifest(resolveModelPath(model.manifest, 'manifest', options.directory));
    const resolved: ResolvedModel = { modelId: manifest ? modelIdOf(manifest) : model.modelId! };
    if (manifest) resolved.manifest = manifest;
    if (model.engine.type !== 'llama') return resolved;
    const expected = expectedHash(model, model.engine, manifest);
    resolved.file = await resolveFile(model.engine, expected, resolve(options.directory, config.modelsDirectory), options);
    return resolved;
}

function expectedHash(model: ModelConfig, engine: LlamaEngineConfig, manifest?: ModelManifest): string | undefined {
    if (manifest && engine.sha256 && engine.sha256 !== manifest.weights.sha256) {
        throw new ModelError(
            'model_manifest',
            `model ${model.name}: engine.sha256 differs from the weights named in its manifest`,
            'remove engine.sha256: the manifest decides',
        );
    }
    return manifest?.weights.sha256 ?? engine.sha256;
}

async function resolveFile(
    engine: LlamaEngineConfig,
    expected: string | undefined,
    modelsDirectory: string,
    options: ResolveOptions,
): Promise<string> {
    const cache = new HashCache(modelsDirectory);
    if (engine.path !== undefined) {
        const file = resolveModelPath(engine.path, 'weights', options.directory);
        const actual = await cache.sha256(file, options.signal);
        if (expected !== undefined && actual !== expected) throw mismatch(file, expected, actual);
        return file;
    }
    // Named by content: two revisions of one file name never overwrite each other.
    const file = join(modelsDirectory, `${expected!.slice(0, 16)}-${basename(new URL(engine.url!).pathname) || 'model.gguf'}`);
    if (!(await exists(file))) await fetchVerified(engine.url!, file, expected!, cache, options);
    const actual = await cache.sha256(file, options.signal);
    if (actual !== expected) throw mismatch(file, expected!, actual);
    return file;
}

/** The final name appears only once the content is right, so a crash never leaves a wrong file behind it. */
async function fetchVerified(
    url: string,
    file: string,
    expected: string,
    cache: HashCache,
    options: ResolveOptions,
): Promise<void> {
    const unverified = `${file}.unverified`;
    if (!(await exists(unverified))) {
        const onProgress = options.progress?.(basename(file));
        await download(url, unverified, { ...options, ...(onProgress ? { onProgress } : {}) });
    }
    const actual = await cache.sha256(unverified, options.signal);
    if (actual !== expected) {
        await rm(unverified, { force: true });
        throw mismatch(new URL(url).host, expected, actual);
    }
    await cache.rename(unverified, file);
}

function exists(path: string): Promise<boolean> {
    return stat(path).then(
        () => true,
        () => false,
    );
}

function mismatch(where: string, expected: string, actual: string): ModelError {
    return new ModelError(
        'model_hash_mismatch',
        `model file from ${where} has SHA-256 ${actual}, expected ${expected}`,
        'the file is damaged or another revision: delete it, or correct sha256 / manifest after checking the source',
    );
}
