import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from 'cocoon-sdk';
import { z } from 'zod';
import type { ModelDescription } from './describe';
import { ModelError } from './errors';
import { hashFile } from './verify';

const configFile = z.object({
    architectures: z.array(z.string()).min(1),
    max_position_embeddings: z.int().min(1),
    vocab_size: z.int().min(1),
    torch_dtype: z.string().optional(),
    dtype: z.string().optional(),
    quantization_config: z.object({ quant_method: z.string() }).optional(),
});
const tokenizerFile = z.object({ model: z.object({ type: z.string() }) });
const tokenizerConfig = z.object({ chat_template: z.string().optional() });

/** Reads a folder of safetensors as model hubs keep it and vLLM loads it. Throws {@link ModelError}. */
export async function describeSafetensors(folder: string): Promise<ModelDescription> {
    const config = await readJson(folder, 'config.json', configFile);
    const tokenizer = await readJson(folder, 'tokenizer.json', tokenizerFile);
    return {
        weights: await weightsOf(folder),
        tokenizer: {
            type: tokenizer.model.type,
            vocabulary: config.vocab_size,
            sha256: await hashFile(join(folder, 'tokenizer.json')),
            chatTemplateSha256: createHash('sha256').update(await templateOf(folder), 'utf8').digest('hex'),
        },
        architecture: config.architectures[0]!,
        quantization: config.quantization_config?.quant_method ?? config.torch_dtype ?? config.dtype ?? 'float32',
        contextLength: config.max_position_embeddings,
        engine: { name: 'vllm', version: 'any' },
    };
}

/** One file stands for itself; of several, the canonical JSON of their hashes by name is hashed. */
async function weightsOf(folder: string): Promise<ModelDescription['weights']> {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.safetensors')).sort();
    if (names.length === 0) throw unusable(folder, 'it has no *.safetensors');
    const hashes: Record<string, string> = {};
    let bytes = 0;
    for (const name of names) {
        hashes[name] = await hashFile(join(folder, name));
        bytes += (await stat(join(folder, name))).size;
    }
    const all = createHash('sha256').update(canonicalJson(hashes), 'utf8').digest('hex');
    return { format: 'safetensors', sha256: names.length === 1 ? hashes[names[0]!]! : all, bytes };
}

async function templateOf(folder: string): Promise<string> {
    try {
        return await readFile(join(folder, 'chat_template.jinja'), 'utf8');
    } catch {
        const { chat_template } = await readJson(folder, 'tokenizer_config.json', tokenizerConfig);
        if (chat_template !== undefined) return chat_template;
        throw unusable(folder, 'it has no chat template');
    }
}

async function readJson<S extends z.ZodType>(folder: string, name: string, schema: S): Promise<z.output<S>> {
    let raw: unknown;
    try {
        raw = JSON.parse(await readFile(join(folder, name), 'utf8'));
    } catch {
        throw unusable(folder, `${name} cannot be read`);
    }
    const result = schema.safeParse(raw);
    if (result.success) return result.data;
    throw unusable(folder, `${name}: ${result.error.issues[0]!.path.join('.')} is missing or of another form`);
}

function unusable(folder: string, what: string): ModelError {
    return new ModelError(
        'model_manifest',
        `${folder} cannot be described: ${what}`,
        'use a folder as vLLM loads it: config.json, tokenizer.json, tokenizer_config.json and *.safetensors',
    );
}
