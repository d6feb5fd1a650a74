import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(__dirname, '../../..');
export const READMES = [
    'README.md',
    'sdk/README.md',
    'reference-worker/README.md',
    'devnet/README.md',
] as const;
export type Readme = (typeof READMES)[number];

export interface CodeBlock {
    readonly language: string;
    readonly text: string;
}

/** All fenced code blocks of a README, in order. */
export function codeBlocks(readme: Readme): CodeBlock[] {
    const source = readFileSync(join(root, readme), 'utf8');
    return [...source.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
        language: language!,
        text: text!,
    }));
}

/** The block that begins so. */
export function codeBlock(readme: Readme, start: string): string {
    const found = codeBlocks(readme).filter(({ text }) => text.startsWith(start));
    if (found.length !== 1)
        throw new Error(`${readme} has ${found.length} blocks that begin with "${start}".`);
    return found[0]!.text;
}

/** The commands of a shell block, without comments, with lines that end in a backslash joined. */
export function commands(readme: Readme, start: string): string[] {
    return codeBlock(readme, start)
        .replace(/\s*\\\n\s*/g, ' ')
        .split('\n')
        .map((line) => line.replace(/\s+#.*$|^#.*$/, '').trim())
        .filter((line) => line !== '');
}

/** Commands inside of text, such as `npx …`, in order. */
export function inlineCommands(readme: Readme, pattern: RegExp): string[] {
    const source = readFileSync(join(root, readme), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
    return [...source.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!).filter((code) => pattern.test(code));
}
