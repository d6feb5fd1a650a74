/** A token of Tact source. Comments and white space are none. */
export interface Token {
    kind: 'word' | 'number' | 'text' | 'sign';
    text: string;
    /** Offsets in the source, from 0. */
    start: number;
    end: number;
}

const SIGNS = /^(?:<<=|>>=|&&=|\|\|=|\+=|-=|\*=|\/=|%=|\|=|&=|\^=|==|!=|<=|>=|&&|\|\||<<|>>|!!|[^\s\w])/;
const WORD = /^[A-Za-z_]\w*/;
const NUMBER = /^(?:0x[0-9a-fA-F_]+|0b[01_]+|0o[0-7_]+|\d[\d_]*)/;
const BLANK = /^(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)/;
const TEXT = /^"(?:[^"\\]|\\.)*"/;

export function tokensOf(source: string): Token[] {
    const tokens: Token[] = [];
    let at = 0;
    while (at < source.length) {
        const rest = source.slice(at, at + 4_096);
        const blank = BLANK.exec(rest);
        if (blank) {
            at += blank[0].length;
            continue;
        }
        const token = tokenAt(rest, at);
        tokens.push(token);
        at = token.end;
    }
    return tokens;
}

function tokenAt(rest: string, start: number): Token {
    const kinds = [
        ['text', TEXT],
        ['number', NUMBER],
        ['word', WORD],
        ['sign', SIGNS],
    ] as const;
    for (const [kind, pattern] of kinds) {
        const match = pattern.exec(rest);
        if (match) return { kind, text: match[0], start, end: start + match[0].length };
    }
    throw new Error(`No token at offset ${start}: ${rest.slice(0, 40)}`);
}

/** Index of the token that closes the bracket at `open`. */
export function closing(tokens: readonly Token[], open: number): number {
    const pairs: Record<string, string> = { '(': ')', '{': '}', '[': ']' };
    const [opens, closes] = [tokens[open]!.text, pairs[tokens[open]!.text]!];
    let depth = 0;
    for (let i = open; i < tokens.length; i++) {
        if (tokens[i]!.text === opens) depth++;
        else if (tokens[i]!.text === closes && --depth === 0) return i;
    }
    throw new Error(`The bracket at offset ${tokens[open]!.start} is never closed.`);
}
