import { createHash } from 'node:crypto';
import type { ChatResult } from 'cocoon-sdk';
import type { BatchLine, LineError } from './lines';
import type { BatchRow } from './store';

/** What became of one line. */
export type LineOutcome = { line: BatchLine } & (
    | { answer: ChatResult; error?: undefined }
    | { answer?: undefined; error: LineError }
);

const MESSAGES: Readonly<Record<string, string>> = {
    batch_cancelled: 'The batch was cancelled before this request was done.',
    batch_expired: 'The batch ended before this request was done. Send it in a new batch.',
    job_ended:
        'No node did the job in time. Send the request again; a higher batches.maxPricePerItem attracts more nodes.',
    model_not_found: 'No node serves the model. GET /v1/models lists those that are served.',
};

/** @param code why the line's job failed; undefined for a line that never was in a job. */
export function outcomeOf(
    line: BatchLine,
    answer: ChatResult | undefined,
    code: string | null | undefined,
): LineOutcome {
    if (answer !== undefined && answer.finishReason !== 'error') return { line, answer };
    if (answer !== undefined) {
        return {
            line,
            error: {
                code: answer.error ?? 'engine_failed',
                message: 'The node could not answer this request.',
            },
        };
    }
    if (line.error !== undefined) return { line, error: line.error };
    if (code) return { line, error: { code, message: MESSAGES[code] ?? 'The request was not done.' } };
    return { line, error: refusal(line) };
}

/** A line that is right, but in no job: nobody serves its model, or it is too long. */
function refusal(line: BatchLine): LineError {
    return line.bytes > 8_192
        ? {
              code: 'request_too_large',
              message: 'The request is longer than a job carries. Send it as a single request.',
          }
        : { code: 'model_not_found', message: MESSAGES.model_not_found! };
}

/** One line of the output or error file, as the OpenAI API writes it. */
export function outputLine(batch: BatchRow, { line, answer, error }: LineOutcome): string {
    const id = createHash('sha256').update(`${batch.id}:${line.index}`).digest('hex').slice(0, 24);
    return JSON.stringify({
        id: `batch_req_${id}`,
        custom_id: line.customId,
        response:
            answer === undefined
                ? null
                : { status_code: 200, request_id: `req_${id}`, body: completion(id, batch, line, answer) },
        error: error === undefined ? null : { code: error.code, message: error.message },
    });
}

function completion(id: string, batch: BatchRow, line: BatchLine, answer: ChatResult) {
    const { promptTokens, completionTokens } = answer.usage;
    return {
        id: `chatcmpl-${id}`,
        object: 'chat.completion',
        created: Math.floor((batch.in_progress_at ?? batch.created_at).getTime() / 1000),
        model: line.model,
        choices: [
            {
                index: 0,
                message: { role: 'assistant', content: answer.text, refusal: null },
                logprobs: null,
                finish_reason: answer.finishReason,
            },
        ],
        usage: {
            prompt_tokens: promptTokens,
            completion_tokens: completionTokens,
            total_tokens: promptTokens + completionTokens,
        },
        // Jobs know tokens by id, not by text, so that OpenAI's form of log-probabilities cannot be made.
        ...(answer.logprobs && { cocoon: { token_ids: answer.tokenIds, logprobs: answer.logprobs } }),
    };
}
