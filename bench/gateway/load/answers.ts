import type { Answer } from './connection';
import { TOKENS, WORD } from './expected';

const DONE = '[DONE]';

/** Throws unless the answer arrived whole. Looks at its first and last bytes only. */
export function checkEnd({ status, raw }: Answer, stream: boolean): void {
    if (status !== 200) throw new Error(`An answer has the status ${status}: ${Buffer.concat(raw)}`);
    if (stream && !Buffer.concat(raw.slice(-2)).subarray(-64).includes(DONE)) {
        throw new Error('A stream ended before [DONE].');
    }
}

/** Throws unless the answer has every token, in the form of the OpenAI API. */
export function checkWhole({ raw }: Answer, stream: boolean): void {
    const body = bodyOf(Buffer.concat(raw));
    const { text, finish } = stream ? readStream(body) : readCompletion(body);
    if (text !== WORD.repeat(TOKENS) || finish !== 'length') {
        throw new Error(`An answer has another text than the engine's: ${JSON.stringify({ text, finish })}`);
    }
}

interface Choice {
    message?: { content: string };
    delta?: { content?: string | null };
    finish_reason: string | null;
}

function readCompletion(body: string): { text: string; finish: string | null } {
    const { choices } = JSON.parse(body) as { choices: Choice[] };
    return { text: choices[0]!.message!.content, finish: choices[0]!.finish_reason };
}

function readStream(body: string): { text: string; finish: string | null } {
    let text = '';
    let finish: string | null = null;
    for (const line of body.split('\n')) {
        if (!line.startsWith('data: {')) continue;
        const { choices } = JSON.parse(line.slice(6)) as { choices: Choice[] };
        text += choices[0]?.delta?.content ?? '';
        finish = choices[0]?.finish_reason ?? finish;
    }
    return { text, finish };
}

/** The body without the head and, where it was chunked, without the sizes. */
function bodyOf(answer: Buffer): string {
    const end = answer.indexOf('\r\n\r\n');
    const body = answer.subarray(end + 4);
    if (!/\r\ntransfer-encoding: *chunked/i.test(answer.toString('latin1', 0, end))) return body.toString();
    const parts = [];
    for (let at = 0; ; ) {
        const line = body.indexOf('\r\n', at);
        const size = Number.parseInt(body.toString('latin1', at, line), 16);
        if (size === 0) return Buffer.concat(parts).toString();
        parts.push(body.subarray(line + 2, line + 2 + size));
        at = line + 2 + size + 2;
    }
}
