import { createHash } from 'node:crypto';
import { canonicalJson } from 'cocoon-sdk';
import { messageOf } from '../errors';
import type { ModelDescription } from './describe';
import { ModelError } from './errors';
import { hashFile } from './verify';

type Fields = Record<string, unknown>;

/** Reads the metadata of a GGUF file. Throws {@link ModelError}. */
export async function describeGguf(path: string, bytes: number): Promise<ModelDescription> {
    // Loaded late for the reason that loadLlama says.
    const library = await import('node-llama-cpp');
    let metadata: Fields;
    try {
        const info = await library.readGgufFileInfo(path, { readTensorInfo: false, logWarnings: false });
        metadata = info.metadata as unknown as Fields;
    } catch (error) {
        throw unusable(path, messageOf(error));
    }
    const general = fields(metadata.general);
    const { ggml, chat_template: template } = fields(metadata.tokenizer);
    const tokenizer = fields(ggml);
    const architecture = String(general.architecture);
    const context = fields(metadata[architecture]).context_length;
    if (typeof template !== 'string') throw unusable(path, 'no chat template');
    if (!Array.isArray(tokenizer.tokens) || typeof context !== 'number') throw unusable(path, 'no tokenizer or context');
    const fileType = library.GgufFileType[Number(general.file_type)]?.replace('MOSTLY_', '');
    return {
        weights: { format: 'gguf', sha256: await hashFile(path), bytes },
        tokenizer: {
            type: String(tokenizer.model),
            vocabulary: tokenizer.tokens.length,
            sha256: sha256(canonicalJson(plain(tokenizer))),
            chatTemplateSha256: sha256(template),
        },
        architecture,
        quantization: fileType ?? `type-${String(general.file_type)}`,
        contextLength: context,
        engine: { name: 'llama.cpp', version: `node-llama-cpp ${await library.getModuleVersion()}` },
    };
}

function fields(value: unknown): Fields {
    return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** Whole numbers of 64 bits are read as bigints, which JSON has not. */
function plain(value: unknown): unknown {
    if (typeof value === 'bigint') return value.toString();
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

function sha256(content: string): string {
    return createHash('sha256').update(content, 'utf8').digest('hex');
}

function unusable(path: string, what: string): ModelError {
    return new ModelError(
        'model_manifest',
        `${path} cannot be described: ${what}`,
        'use a whole GGUF file of an instruction-tuned language model',
    );
}
