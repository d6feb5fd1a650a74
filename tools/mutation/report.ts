import type { Mutant, Operator } from './operators';

/** What became of one mutant. */
export interface Result {
    mutant: Mutant;
    before: string;
    after: string;
    end: 'killed' | 'timeout' | 'survived' | 'argued' | 'invalid' | 'equivalent' | 'duplicate';
    killer?: string;
    reason?: string;
}

export interface Score {
    /** Killed by a test, or because it never ends. */
    killed: number;
    survived: number;
    /** Survived, with a reason in the register. */
    argued: number;
    /** Of those that compile to another program and are not argued. */
    score: number;
}

export const LEAST_SCORE = 0.95;

export function scoreOf(results: readonly Result[]): Score {
    const count = (...ends: Result['end'][]) => results.filter(({ end }) => ends.includes(end)).length;
    const [killed, survived, argued] = [count('killed', 'timeout'), count('survived'), count('argued')];
    return { killed, survived, argued, score: killed + survived === 0 ? 1 : killed / (killed + survived) };
}

export function groupScores(
    results: readonly Result[],
    by: (result: Result) => string,
): Record<string, Score> {
    const groups = new Map<string, Result[]>();
    for (const result of results) groups.set(by(result), [...(groups.get(by(result)) ?? []), result]);
    return Object.fromEntries([...groups].sort().map(([name, group]) => [name, scoreOf(group)]));
}

export const byOperator = ({ mutant }: Result): Operator => mutant.operator;
export const byFile = ({ mutant }: Result): string => mutant.file;

export function survivorsOf(results: readonly Result[]): string[] {
    return results
        .filter(({ end }) => end === 'survived')
        .map(
            ({ mutant, before, after }) =>
                `${mutant.file}:${mutant.line} (${mutant.operator})\n  - ${before}\n  + ${after}`,
        );
}
