import type { InferenceFinal } from '../types';
import type { AnswerHead } from './chunks';
import type { OpenAIRequest } from './request';
import { receiptObject } from './usage';

/** The answer of the embeddings API. */
export function embeddingObject(
    request: OpenAIRequest,
    { model }: AnswerHead,
    rows: readonly (readonly number[])[],
    final: InferenceFinal,
) {
    const encode = request.embeddingFormat === 'base64' ? base64Floats : (row: readonly number[]) => row;
    return {
        object: 'list',
        data: rows.map((row, index) => ({ object: 'embedding', index, embedding: encode(row) })),
        model,
        usage: { prompt_tokens: final.usage.promptTokens, total_tokens: final.usage.promptTokens },
        cocoon: receiptObject(final),
    };
}

/** Little-endian 32-bit floats, which the official client asks for unless told otherwise. */
function base64Floats(row: readonly number[]): string {
    const view = new DataView(new ArrayBuffer(4 * row.length));
    row.forEach((value, i) => {
        view.setFloat32(4 * i, value, true);
    });
    const bytes = new Uint8Array(view.buffer);
    let binary = '';
    // Arguments of one call are limited.
    for (let i = 0; i < bytes.length; i += 8_192)
        binary += String.fromCharCode(...bytes.subarray(i, i + 8_192));
    return btoa(binary);
}
