import { codeMarks, end } from './code';
import { closing, type Token, tokensOf } from './tokens';

// What a mutant changes: one place of one file, by one of five operators.

export type Operator = 'comparison' | 'constant' | 'removed check' | 'send mode' | 'removed bounce';

export interface Mutant {
    file: string;
    operator: Operator;
    /** From 1. */
    line: number;
    start: number;
    end: number;
    /** Stands in place of what is between start and end. */
    replacement: string;
}

const COMPARISONS: Record<string, string> = {
    '<': '<=',
    '<=': '<',
    '>': '>=',
    '>=': '>',
    '==': '!=',
    '!=': '==',
    '&&': '||',
    '||': '&&',
};
const CHECK = /^(?:throw|throwIf|throwUnless|within|basechainAccount|opened|(?:require|check)\w*)$/;
const MODE = /^(?:Send|Reserve)[A-Z]\w+$/;

export function mutantsOf(file: string, source: string): Mutant[] {
    const tokens = tokensOf(source);
    const marks = codeMarks(tokens);
    const mutants: Mutant[] = [];
    const add = (operator: Operator, first: Token, last: Token, replacement: string) =>
        mutants.push({
            file,
            operator,
            line: source.slice(0, first.start).split('\n').length,
            start: first.start,
            end: last.end,
            replacement,
        });
    for (const [i, token] of tokens.entries()) {
        if (token.text === 'bounced' && tokens[i + 1]?.text === '(') emptied(tokens, i, add);
        if (!marks[i]) continue;
        const comparison = COMPARISONS[token.text];
        if (comparison && !isTypeArgument(tokens, i)) add('comparison', token, token, comparison);
        if (token.kind === 'number')
            for (const other of otherNumbers(token.text)) add('constant', token, token, other);
        if (token.text === 'ton') amounts(tokens, i, add);
        if (isCheck(tokens, i)) add('removed check', token, tokens[end(tokens, i)]!, '');
        if (MODE.test(token.text))
            for (const other of otherModes(token.text)) add('send mode', token, token, other);
    }
    return mutants;
}

export function apply(source: string, { start, end, replacement }: Mutant): string {
    return source.slice(0, start) + replacement + source.slice(end);
}

/** The changed lines before and after, as one line each. */
export function diffOf(source: string, mutant: Mutant): { before: string; after: string } {
    const from = source.lastIndexOf('\n', mutant.start - 1) + 1;
    const found = source.indexOf('\n', mutant.end);
    const to = found < 0 ? source.length : found;
    const flat = (text: string) => text.replace(/\s+/g, ' ').trim();
    return {
        before: flat(source.slice(from, to)),
        after: flat(source.slice(from, mutant.start) + mutant.replacement + source.slice(mutant.end, to)),
    };
}

type Add = (operator: Operator, first: Token, last: Token, replacement: string) => unknown;

function emptied(tokens: readonly Token[], at: number, add: Add): void {
    const open = closing(tokens, at + 1) + 1;
    if (tokens[open]?.text !== '{') return;
    const close = closing(tokens, open);
    if (close > open + 1) add('removed bounce', tokens[open]!, tokens[close]!, '{}');
}

function otherNumbers(text: string): string[] {
    const value = BigInt(text.replaceAll('_', ''));
    const others = [value + 1n, value - 1n, 0n, 2n * value].filter((other) => other !== value);
    // Negative numbers are another expression: in parentheses they stand wherever a number does.
    return [...new Set(others)].map((other) => (other < 0n ? `(${other})` : String(other)));
}

/** ton("0.1"): nothing, and twice as much. */
function amounts(tokens: readonly Token[], at: number, add: Add): void {
    const amount = tokens[at + 2];
    if (tokens[at + 1]?.text !== '(' || amount?.kind !== 'text') return;
    const [whole, fraction = ''] = amount.text.slice(1, -1).split('.');
    const nano = BigInt((whole ?? '') + fraction.padEnd(9, '0'));
    for (const other of nano === 0n ? [1n] : [0n, 2n * nano]) {
        add('constant', tokens[at]!, tokens[at + 3]!, String(other));
    }
}

function otherModes(text: string): string[] {
    if (text === 'SendDefaultMode') return ['SendRemainingValue', 'SendIgnoreErrors'];
    if (text === 'SendRemainingValue') return ['0', 'SendRemainingBalance'];
    if (text === 'SendRemainingBalance') return ['0', 'SendRemainingValue'];
    return ['0'];
}

/** A call that stands alone as a statement. */
function isCheck(tokens: readonly Token[], at: number): boolean {
    if (!CHECK.test(tokens[at]!.text) || tokens[at + 1]?.text !== '(') return false;
    const before = tokens[at - 1]?.text;
    return (
        (before === ';' || before === '{' || before === '}') &&
        tokens[closing(tokens, at + 1) + 1]?.text === ';'
    );
}

/** The brackets of map<…> and bounced<…>. */
function isTypeArgument(tokens: readonly Token[], at: number): boolean {
    if (tokens[at]!.text === '<') return ['map', 'bounced'].includes(tokens[at - 1]!.text);
    if (tokens[at]!.text !== '>') return false;
    for (let i = at - 1; i >= Math.max(0, at - 10); i--) {
        if (tokens[i]!.text === '<') return isTypeArgument(tokens, i);
        if (tokens[i]!.text === ';') return false;
    }
    return false;
}
