import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { canonicalJson } from 'cocoon-sdk';
import { z } from 'zod';
import { messageOf } from '../errors';
import { ModelError } from './errors';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits');
const text = z.string().min(1);
const ppm = z.int().min(0).max(1_000_000_000);

/**
 * What a model id stands for: exactly these weights, tokenised and quantised like this. Nodes that offer one model id
 * serve the same model; jurors re-score within `tolerance`. Described in docs/spec/verification.md.
 */
const manifestSchema = z.strictObject({
    version: z.literal(2),
    name: text,
    revision: text,
    weights: z.strictObject({ format: z.enum(['gguf', 'safetensors']), sha256, bytes: z.int().min(1) }),
    tokenizer: z.strictObject({ type: text, vocabulary: z.int().min(1), sha256, chatTemplateSha256: sha256 }),
    architecture: text,
    quantization: text,
    /** Tokens that prompt and answer may fill together, on every node. */
    contextLength: z.int().min(1),
    engine: z.strictObject({ name: text, version: text }),
    tolerance: z
        .strictObject({
            /** True only where every machine gives the same tokens and log-probabilities. */
            deterministic: z.boolean(),
            meanDifferencePpm: ppm,
            meanSquarePpm: ppm,
            fullDifferencePpm: ppm.min(1),
            largestDifferencePpm: ppm,
        })
        .refine(({ meanDifferencePpm, fullDifferencePpm }) => meanDifferencePpm < fullDifferencePpm, {
            path: ['meanDifferencePpm'],
            error: 'expected less than fullDifferencePpm',
        }),
    license: text,
});

export type ModelManifest = z.output<typeof manifestSchema>;

/** Reads and checks a manifest. Throws {@link ModelError} `model_manifest`. */
export function readManifest(file: string): ModelManifest {
    let raw: unknown;
    try {
        raw = JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
        throw new ModelError(
            'model_manifest',
            `model manifest cannot be read: ${file}: ${messageOf(error)}`,
            'check the path, or models[].manifest in worker.yaml',
            error,
        );
    }
    return parseManifest(raw, file);
}

export function parseManifest(raw: unknown, source = 'manifest'): ModelManifest {
    const result = manifestSchema.safeParse(raw);
    if (result.success) return result.data;
    const issue = result.error.issues[0]!;
    throw new ModelError(
        'model_manifest',
        `${source}: ${issue.path.join('.') || 'top level'}: ${issue.message}`,
        'make it anew with `cocoon-worker manifest make`, or compare with models/tiny-demo.manifest.json of this package',
    );
}

/** The 32-byte id of a model on chain, in hexadecimal: SHA-256 of its canonical manifest (RFC 8785). */
export function modelIdOf(manifest: ModelManifest): string {
    return createHash('sha256').update(canonicalJson(manifest), 'utf8').digest('hex');
}
