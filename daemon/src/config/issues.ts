import type { z } from 'zod';

/** One line per message: the first problem in full, how many more there are. Values are never repeated. */
export function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
    const first = issues[0]!;
    const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
    if (first.code === 'unrecognized_keys') {
        const where = pathOf(first.path);
        return `unknown setting ${first.keys.map((key) => (where ? `${where}.${key}` : key)).join(', ')}${more}`;
    }
    return `${pathOf(first.path) || 'top level'}: ${expectation(first)}${more}`;
}

/** What was expected, without the words that Zod begins with. */
export function expectation(issue: z.core.$ZodIssue): string {
    return issue.message.replace(/^Invalid input: /, '');
}

function pathOf(path: readonly PropertyKey[]): string {
    return path
        .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
        .join('')
        .replace(/^\./, '');
}
