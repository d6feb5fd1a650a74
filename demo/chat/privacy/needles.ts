/** A piece of somebody's text in one of the forms in which it could leak. */
export interface Needle {
    /** The text that it would give away. */
    readonly text: string;
    readonly encoding: string;
    readonly bytes: Buffer;
}

/** Shorter ones would be found in ciphertext by chance: 6 letters are 48 bits. */
const LEAST_LETTERS = 6;
const LEAST_BASE64 = 8;
const WINDOW = 3;

/**
 * What to search for, given prompts and answers: each text as a whole, every three words in a row, and every name by itself
 * (a stream that leaks word by word shows no longer part). Each in the encodings that programs use.
 */
export function needlesOf(texts: readonly string[]): Needle[] {
    const pieces = new Set(texts.flatMap((text) => [text.trim(), ...windows(text), ...names(text)]));
    return [...pieces].filter((piece) => piece.length >= LEAST_LETTERS).flatMap(encodings);
}

function windows(text: string): string[] {
    const words = [...text.matchAll(/\S+/g)];
    return words.slice(WINDOW - 1).flatMap((last, i) => {
        const part = text.slice(words[i]!.index, last.index + last[0].length);
        return part.length >= 2 * LEAST_LETTERS ? [part] : [];
    });
}

/** Words that begin with a capital in the middle of a sentence. */
function names(text: string): string[] {
    return [...text.matchAll(/(?<=[^.!?\s]\s+)\p{Lu}\p{L}{5,}/gu)].map(([word]) => word);
}

function encodings(text: string): Needle[] {
    const utf8 = Buffer.from(text);
    const forms: [encoding: string, bytes: Buffer | string][] = [
        ['text', utf8],
        ['JSON', JSON.stringify(text).slice(1, -1)],
        ['JSON, ASCII', asciiJson(text)],
        ['URL', encodeURIComponent(text)],
        ['form', encodeURIComponent(text).replaceAll('%20', '+')],
        ['UTF-16', Buffer.from(text, 'utf16le')],
        ['hex', utf8.toString('hex')],
        ['HEX', utf8.toString('hex').toUpperCase()],
        ...[0, 1, 2].flatMap((offset) => base64At(utf8, offset)),
    ];
    const seen = new Set<string>();
    return forms.flatMap(([encoding, form]) => {
        const bytes = Buffer.from(form as string);
        const key = bytes.toString('latin1');
        if (seen.has(key)) return [];
        seen.add(key);
        return [{ text, encoding, bytes }];
    });
}

function asciiJson(text: string): string {
    const escaped = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
    return JSON.stringify(text)
        .slice(1, -1)
        .replace(/[\u0080-\uffff]/g, escaped);
}

/** The letters of base64 that do not depend on what stands around, where the text begins `offset` bytes into a group. */
function base64At(bytes: Buffer, offset: number): [string, string][] {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
        .toString('base64')
        .replace(/=+$/, '');
    const first = Math.ceil((offset * 8) / 6);
    const last = Math.floor(((offset + bytes.length) * 8) / 6);
    const sure = encoded.slice(first, last);
    if (sure.length < LEAST_BASE64) return [];
    return [
        ['base64', sure],
        ['base64url', sure.replaceAll('+', '-').replaceAll('/', '_')],
    ];
}
