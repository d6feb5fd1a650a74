import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { messageOf } from '../errors';
import { ModelError } from './errors';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits');

/**
 * What a model id stands for: exactly these weights, tokenised and quantised like this. Nodes that offer one model id
 * serve the same model; jurors re-score within `tolerance`.
 */
const manifestSchema = z.strictObject({
    version: z.literal(1),
    name: z.string().min(1),
    revision: z.string().min(1),
    weights: z.strictObject({ format: z.literal('gguf'), sha256, bytes: z.int().min(1) }),
    tokenizer: z.strictObject({ type: z.string().min(1), vocabulary: z.int().min(1), chatTemplateSha256: sha256 }),
    architecture: z.string().min(1),
    quantization: z.string().min(1),
    contextLength: z.int().min(1),
    engine: z.strictObject({ name: z.string().min(1), version: z.string().min(1) }),
    tolerance: z.strictObject({
        /** True only where every machine gives the same bytes. */
        deterministic: z.boolean(),
        /** Largest difference of one token's probability between honest machines, in millionths. */
        probabilityPpm: z.int().min(0).max(1_000_000),
    }),
    license: z.string().min(1),
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
            'check models[].manifest in worker.yaml',
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
        'compare with models/tiny-demo.manifest.json of this package',
    );
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * JSON with sorted keys and no white space (RFC 8785 for what manifests contain: objects, strings, booleans and
 * integers), so that equal manifests have equal bytes.
 */
export function canonicalJson(value: Json): string {
    if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
    if (typeof value === 'object' && value !== null) {
        const entries = Object.keys(value)
            .sort()
            .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key]!)}`);
        return `{${entries.join(',')}}`;
    }
    if (typeof value === 'number' && !Number.isSafeInteger(value)) {
        throw new RangeError('canonical JSON holds only whole numbers: fractions have no single spelling');
    }
    return JSON.stringify(value);
}

/** The 32-byte id of a model on chain, in hexadecimal: SHA-256 of its canonical manifest. */
export function modelIdOf(manifest: ModelManifest): string {
    return createHash('sha256').update(canonicalJson(manifest), 'utf8').digest('hex');
}
