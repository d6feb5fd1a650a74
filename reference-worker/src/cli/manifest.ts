import { existsSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { ConfigError } from '../errors';
import {
    describeModel,
    differences,
    ModelError,
    type ModelManifest,
    modelIdOf,
    parseManifest,
    readManifest,
} from '../models';

export interface MakeOptions {
    out?: string;
    name?: string;
    revision: string;
    license: string;
    contextLength?: string;
    engineVersion?: string;
    deterministic?: boolean;
    meanDifference: string;
    meanSquare: string;
    fullDifference: string;
    largestDifference: string;
}

/** What CPUs of different kinds were measured to differ with an 8-bit model, and half as much again. */
export const DEFAULT_TOLERANCE = {
    meanDifferencePpm: '15000',
    meanSquarePpm: '400',
    fullDifferencePpm: '200000',
    largestDifferencePpm: '1000000',
};

/** `cocoon-worker manifest make` */
export async function makeManifest(path: string, options: MakeOptions): Promise<void> {
    const described = await describeModel(resolve(path));
    const manifest = parseManifest({
        version: 2,
        name: options.name ?? basename(path).replace(/\.gguf$/, ''),
        revision: options.revision,
        ...described,
        ...(options.contextLength === undefined ? {} : { contextLength: Number(options.contextLength) }),
        engine: { ...described.engine, ...(options.engineVersion ? { version: options.engineVersion } : {}) },
        tolerance: {
            deterministic: options.deterministic === true,
            meanDifferencePpm: Number(options.meanDifference),
            meanSquarePpm: Number(options.meanSquare),
            fullDifferencePpm: Number(options.fullDifference),
            largestDifferencePpm: Number(options.largestDifference),
        },
        license: options.license,
    });
    const json = `${JSON.stringify(manifest, null, 2)}\n`;
    if (options.out === undefined) {
        process.stdout.write(json);
        return;
    }
    const file = resolve(options.out);
    // A model id that is offered on chain stands for the file as it is.
    if (existsSync(file))
        throw new ConfigError(`${file} exists`, 'remove it, or write another file with --out');
    writeFileSync(file, json);
    process.stdout.write(`wrote ${file}\nmodel id ${modelIdOf(manifest)}\n`);
}

/** `cocoon-worker manifest check` */
export async function checkManifest(file: string, path: string | undefined): Promise<void> {
    const manifest: ModelManifest = readManifest(resolve(file));
    if (path !== undefined) {
        const wrong = differences(manifest, await describeModel(resolve(path)));
        if (wrong.length > 0) {
            throw new ModelError(
                'model_manifest',
                `${path} is not the model of ${file}: ${wrong.join(', ')}`,
                'get the files that the manifest names, or make a manifest of these: another model has another id',
            );
        }
    }
    process.stdout.write(`ok   ${manifest.name} ${manifest.revision}\nmodel id ${modelIdOf(manifest)}\n`);
}
