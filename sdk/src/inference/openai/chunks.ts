import type { InferenceDelta } from '../delta';
import type { InferenceFinal } from '../types';
import { openAIError } from './errors';
import { legacyLogprobs } from './legacy-logprobs';
import type { OpenAIRequest } from './request';
import { receiptObject, usageObject } from './usage';

/** Where an answer's objects get their constant members from. */
export type AnswerHead = {
    /** As `chatcmpl-…`; answerId() makes one. */
    readonly id: string;
    /** Unix seconds. */
    readonly created: number;
    /** As the application named it. */
    readonly model: string;
};

/** Makes the server-sent events of one streamed answer, each as text that ends with an empty line. */
export interface ChunkWriter {
    delta(delta: InferenceDelta): string;
    /** The last events, `[DONE]` included. */
    final(final: InferenceFinal): string;
    /** An error after the first event. */
    error(error: unknown): string;
}

/** For one request; a writer keeps state between deltas. */
export function chunkWriter(request: OpenAIRequest, head: AnswerHead): ChunkWriter {
    const chat = request.task === 'chat';
    // Everything but the delta is the same in all chunks, so that only the delta is put into JSON for each.
    const object = chat ? 'chat.completion.chunk' : 'text_completion';
    const common = `data: {"id":${JSON.stringify(head.id)},"object":"${object}","created":${head.created},"model":${JSON.stringify(head.model)},"choices":[`;
    const tail = request.includeUsage
        ? ',"finish_reason":null}],"usage":null}\n\n'
        : ',"finish_reason":null}]}\n\n';
    const choice = chat ? chatChoice(common) : completionChoice(common);
    return {
        delta: (delta) => choice.delta(delta) + tail,
        final(final) {
            const usage = request.includeUsage
                ? `${common}],"usage":${JSON.stringify(usageObject(final.usage))}}\n\n`
                : '';
            const end = `${choice.end()},"finish_reason":"${final.finish}"}]${request.includeUsage ? ',"usage":null' : ''},"cocoon":${JSON.stringify(receiptObject(final))}}\n\n`;
            return `${end}${usage}data: [DONE]\n\n`;
        },
        error: (error) => `data: ${JSON.stringify(openAIError(error).body)}\n\n`,
    };
}

type Choice = { delta(delta: InferenceDelta): string; end(): string };

function chatChoice(common: string): Choice {
    const next = `${common}{"index":0,"delta":{`;
    // The first delta says who speaks.
    let prefix = `${next}"role":"assistant",`;
    const begin = () => {
        const text = prefix;
        prefix = next;
        return text;
    };
    return {
        delta({ t, r, c, l }) {
            let text = begin();
            if (r !== undefined) text += `"reasoning_content":${JSON.stringify(r)},`;
            if (c === undefined) text += `"content":${JSON.stringify(t ?? '')}}`;
            else if (t === undefined) text += `"tool_calls":${JSON.stringify(c)}}`;
            else text += `"content":${JSON.stringify(t)},"tool_calls":${JSON.stringify(c)}}`;
            return `${text},"logprobs":${l === undefined ? 'null' : `{"content":${JSON.stringify(l)},"refusal":null}`}`;
        },
        end: () => (prefix === next ? `${next}},"logprobs":null` : `${begin()}"content":""},"logprobs":null`),
    };
}

function completionChoice(common: string): Choice {
    const next = `${common}{"index":0,"text":`;
    let offset = 0;
    return {
        delta({ t = '', l }) {
            const logprobs = l === undefined ? 'null' : JSON.stringify(legacyLogprobs(l, offset));
            offset += t.length;
            return `${next}${JSON.stringify(t)},"logprobs":${logprobs}`;
        },
        end: () => `${next}"","logprobs":null`,
    };
}
