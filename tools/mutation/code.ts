import { closing, type Token } from './tokens';

// Which tokens are code: the bodies of functions and receivers, and values of constants. Declarations, messages, structs
// and assembly are not; nor are the codes of errors and opcodes, which tests take from the build.

/** One mark for each token. */
export function codeMarks(tokens: readonly Token[]): Uint8Array {
    const marks = new Uint8Array(tokens.length);
    let i = 0;
    while (i < tokens.length) i = mark(tokens, marks, i);
    return marks;
}

/** Marks from a declaration on and returns what follows it; enters contracts and traits. */
function mark(tokens: readonly Token[], marks: Uint8Array, at: number): number {
    const text = tokens[at]!.text;
    if (text === 'asm') return closing(tokens, openBrace(tokens, at)) + 1;
    if (text === 'struct' || text === 'message') return closing(tokens, openBrace(tokens, at)) + 1;
    if (text === 'const') return constant(tokens, marks, at);
    if (['fun', 'receive', 'bounced', 'external', 'init'].includes(text)) return body(tokens, marks, at);
    return at + 1;
}

function constant(tokens: readonly Token[], marks: Uint8Array, at: number): number {
    let i = at;
    while (tokens[i]!.text !== ';') {
        if (tokens[i]!.text === '=') marks.fill(1, i + 1, end(tokens, i));
        i++;
    }
    return i + 1;
}

function body(tokens: readonly Token[], marks: Uint8Array, at: number): number {
    let parameters = at;
    while (tokens[parameters]!.text !== '(') parameters++;
    let i = closing(tokens, parameters) + 1;
    while (tokens[i]!.text !== '{' && tokens[i]!.text !== ';') i++;
    if (tokens[i]!.text === ';') return i + 1; // abstract
    const close = closing(tokens, i);
    marks.fill(1, i + 1, close);
    return close + 1;
}

function openBrace(tokens: readonly Token[], at: number): number {
    let i = at;
    while (tokens[i]!.text !== '{') i++;
    return i;
}

/** Index of the semicolon that ends the statement with the token at `at`. */
export function end(tokens: readonly Token[], at: number): number {
    let i = at;
    while (tokens[i]!.text !== ';') {
        i = ['(', '{', '['].includes(tokens[i]!.text) ? closing(tokens, i) + 1 : i + 1;
    }
    return i;
}
