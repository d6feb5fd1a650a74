import { type ChatRequest, checkRequest, encodeRequest, isCocoonError, parseRequest } from 'cocoon-sdk';

/** One request of an input file. */
export interface BatchLine {
    /** From 0. */
    readonly index: number;
    readonly customId: string;
    readonly model: string;
    /** Undefined where a job cannot carry it; `error` says why. */
    readonly request: ChatRequest | undefined;
    /** Bytes of the request as a job carries it. */
    readonly bytes: number;
    readonly error: LineError | undefined;
}

export interface LineError {
    readonly code: string;
    readonly message: string;
}

/** A file that is no batch. `line` counts from 1. */
export interface FileProblem extends LineError {
    readonly line: number;
    readonly param: string | null;
}

export interface ReadLines {
    readonly lines: readonly BatchLine[];
    readonly problems: readonly FileProblem[];
}

const MAX_PROBLEMS = 100;
/** Members that change nothing at these values. */
const HARMLESS: Readonly<Record<string, unknown>> = { n: 1, parallel_tool_calls: true, tool_choice: 'none' };

/** Reads an input file: JSONL, a request a line. Deterministic, so that a restart reads the same. */
export async function readLines(
    content: AsyncIterable<Uint8Array>,
    endpoint: string,
    maxLines: number,
): Promise<ReadLines> {
    const lines: BatchLine[] = [];
    const problems: FileProblem[] = [];
    const seen = new Set<string>();
    const report = (number: number, code: string, message: string, param: string | null = null) => {
        if (problems.length < MAX_PROBLEMS) problems.push({ line: number, code, message, param });
    };
    let number = 0;
    for await (const text of splitLines(content)) {
        number++;
        if (text.trim() === '') continue;
        if (lines.length >= maxLines) {
            report(number, 'too_many_lines', `A batch has ${maxLines} lines at most.`);
            break;
        }
        const outer = parse(text);
        if (outer === undefined) report(number, 'invalid_json_line', 'The line is not a JSON object.');
        else if (typeof outer.custom_id !== 'string' || outer.custom_id === '')
            report(
                number,
                'missing_custom_id',
                'custom_id must be a text of one character or more.',
                'custom_id',
            );
        else if (seen.has(outer.custom_id))
            report(number, 'duplicate_custom_id', 'custom_id was used before in this file.', 'custom_id');
        else if (outer.method !== 'POST')
            report(number, 'invalid_method', 'method must be "POST".', 'method');
        else if (outer.url !== endpoint)
            report(number, 'mismatched_url', `url must be the endpoint of the batch, ${endpoint}.`, 'url');
        else {
            seen.add(outer.custom_id);
            lines.push({ index: lines.length, customId: outer.custom_id, ...readBody(outer.body) });
        }
    }
    if (lines.length === 0 && problems.length === 0) report(1, 'empty_file', 'The file has no requests.');
    return { lines, problems };
}

function readBody(body: unknown): Pick<BatchLine, 'model' | 'request' | 'bytes' | 'error'> {
    try {
        const parsed = parseRequest('chat', body);
        const request = jobRequest(parsed.body);
        return { model: parsed.model, request, bytes: encodeRequest(request).length, error: undefined };
    } catch (error) {
        const model = (body as { model?: unknown } | null)?.model;
        const known = isCocoonError(error);
        return {
            model: typeof model === 'string' ? model : '',
            request: undefined,
            bytes: 0,
            error: {
                code: known ? error.code : 'invalid_value',
                message: known ? error.shortMessage : 'The request cannot be read.',
            },
        };
    }
}

/** Throws CocoonError for what a job does not carry. */
function jobRequest(body: Readonly<Record<string, unknown>>): ChatRequest {
    const request: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(body)) {
        if (name === 'max_completion_tokens') request.max_tokens = value;
        else if (name === 'stop') request.stop = typeof value === 'string' ? [value] : value;
        else if (name === 'messages') request.messages = (value as Record<string, unknown>[]).map(jobMessage);
        else if (HARMLESS[name] !== value) request[name] = value;
    }
    return checkRequest(request);
}

/** A job's messages are plain text; parts of text are joined, `developer` is what it was called before. */
function jobMessage({ role, content, ...rest }: Record<string, unknown>): unknown {
    const parts = Array.isArray(content) ? (content as { type?: unknown; text?: unknown }[]) : undefined;
    const isText = parts?.every((part) => part.type === 'text');
    return {
        ...rest,
        role: role === 'developer' ? 'system' : role,
        content: isText ? parts?.map((part) => part.text).join('') : content,
    };
}

function parse(text: string): Record<string, unknown> | undefined {
    try {
        const value: unknown = JSON.parse(text);
        return typeof value === 'object' && value !== null && !Array.isArray(value)
            ? (value as Record<string, unknown>)
            : undefined;
    } catch {
        return undefined;
    }
}

async function* splitLines(content: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const piece of content) {
        const parts = (rest + decoder.decode(piece, { stream: true })).split('\n');
        rest = parts.pop() ?? '';
        yield* parts;
    }
    rest += decoder.decode();
    if (rest !== '') yield rest;
}
