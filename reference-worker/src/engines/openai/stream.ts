import { z } from 'zod';
import { EngineError } from '../errors';
import type { CompletionToken } from '../types';

const alternative = z.object({ token: z.string(), logprob: z.number() });

const chunkSchema = z.object({
    choices: z
        .array(
            z.object({
                delta: z.object({ content: z.string().nullish() }).nullish(),
                finish_reason: z.string().nullish(),
                /** vLLM's `return_token_ids`. */
                token_ids: z.array(z.int()).nullish(),
                logprobs: z
                    .object({
                        content: z
                            .array(alternative.extend({ top_logprobs: z.array(alternative).nullish() }))
                            .nullish(),
                    })
                    .nullish(),
            }),
        )
        .default([]),
    usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish(),
    error: z.unknown().optional(),
});

export type StreamChunk = z.output<typeof chunkSchema>;

/** The `data:` payloads of a server-sent event stream. Ends at `[DONE]` or with the stream. */
export async function* serverSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
    const decoder = new TextDecoder();
    const reader = body.getReader();
    let buffer = '';
    try {
        for (let part = await reader.read(); !part.done; part = await reader.read()) {
            buffer += decoder.decode(part.value, { stream: true });
            const lines = buffer.split(/\r?\n/);
            buffer = lines.pop()!;
            for (const line of lines) {
                if (!line.startsWith('data:')) continue;
                const data = line.slice(5).trim();
                if (data === '[DONE]') return;
                yield data;
            }
        }
    } finally {
        // Closes the connection when the consumer leaves early; a stream that already failed has nothing to cancel.
        await reader.cancel().catch(() => undefined);
    }
}

/** Reads one payload. Throws {@link EngineError} `server_error` when it is not a completion chunk. */
export function parseChunk(data: string): StreamChunk {
    let raw: unknown;
    try {
        raw = JSON.parse(data);
    } catch {
        throw malformed('a chunk is not JSON');
    }
    const result = chunkSchema.safeParse(raw);
    if (!result.success)
        throw malformed(`a chunk has another form at ${result.error.issues[0]!.path.join('.')}`);
    if (result.data.error != null) throw malformed('it reported an error in the middle of the answer');
    return result.data;
}

export function malformed(what: string): EngineError {
    return new EngineError('server_error', `inference server answered outside the OpenAI protocol: ${what}`, {
        remedy: 'check that engine.baseUrl points at an OpenAI-compatible server',
    });
}

/** Tokens with log-probabilities of a chunk's first choice. */
export function chunkTokens(choice: StreamChunk['choices'][number], wanted: number): CompletionToken[] {
    return (choice.logprobs?.content ?? []).map((token, index) => ({
        id: choice.token_ids?.[index] ?? null,
        text: token.token,
        logprob: token.logprob,
        ...(wanted > 0
            ? {
                  top: (token.top_logprobs ?? []).map(({ token: text, logprob }) => ({
                      id: null,
                      text,
                      logprob,
                  })),
              }
            : {}),
    }));
}
