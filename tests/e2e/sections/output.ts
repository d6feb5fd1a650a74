import { toNano } from '@ton/core';
import type { KeptNetwork } from '../helpers/kept-network';

interface Amounts {
    readonly name: string;
    readonly amounts: readonly bigint[];
}

/** The lines of the table, whose first column may have spaces: its numbers are those with nine decimals. */
function table(output: string): Amounts[] {
    const start = output.indexOf('Where every nanoTON is');
    const end = output.indexOf('Not one nanoTON is missing.');
    return output
        .slice(start, end)
        .split('\n')
        .map((line) => line.match(/^ {2}(\S.*?)((?: +-?\d+\.\d{9})+) *$/))
        .filter((match) => match !== null)
        .map(([, name, numbers]) => ({
            name: name!,
            amounts: numbers!
                .trim()
                .split(/ +/)
                .map((text) => toNano(text)),
        }));
}

export function outputTests(kept: () => KeptNetwork): void {
    it('pays at least 11 requests, refunds those of the node that vanished, and slashes it', () => {
        const { summary } = kept();
        expect(summary).toMatchObject({ conserved: true, slashed: 1, refunded: 2 });
        expect(summary.paid).toBeGreaterThanOrEqual(11);
        expect(summary.items).toBe(summary.paid + summary.refunded);
        expect(summary.tokens).toBeGreaterThan(summary.paid);
        expect(summary.feesNano).toBeGreaterThan(0);
    });

    it('shows every prompt with the answer of a real model', () => {
        const { output, summary } = kept();
        expect(output).toMatch(/Q What is the capital of Spain\?\n\s+A The capital of Spain is Madrid\./);
        expect(output).toMatch(/Q What is 12 \+ 8\?\n\s+A 12 \+ 8 = 20/);
        const answers = [...output.matchAll(/^\s+Q .+\n\s+A (.+)$/gm)].map(([, answer]) => answer!);
        expect(answers).toHaveLength(summary.items);
        expect(answers.filter((answer) => answer.includes('the node vanished'))).toHaveLength(
            summary.refunded,
        );
    });

    it('accounts for every nanoTON', () => {
        const { output, summary } = kept();
        const rows = table(output);
        const together = rows.pop()!;
        const fees = rows.pop()!;
        expect([fees.name, together.name]).toEqual([
            'chain fees (gas, storage, messages)',
            expect.stringContaining('together'),
        ]);
        expect(fees.amounts[0]).toBe(BigInt(summary.feesNano));
        const sum = (column: number) => rows.reduce((total, { amounts }) => total + amounts[column]!, 0n);
        expect(together.amounts).toEqual([sum(0), sum(1) + fees.amounts[0]!]);
        expect(sum(0)).toBe(sum(1) + fees.amounts[0]!);
        for (const { amounts } of rows) expect(amounts[2]).toBe(amounts[1]! - amounts[0]!);
        expect(rows.filter(({ name }) => name.startsWith('Job'))).toEqual(
            [1, 2, 3, 4].map((i) => ({ name: `Job ${i} (destroyed)`, amounts: [0n, 0n, 0n] })),
        );
    });

    it('moved the slashed stake from the node that vanished', () => {
        const line = kept().output.match(/^ {2}Houdini: .*slashed (\S+) TON, stake (\S+) → (\S+) TON$/m)!;
        const [slashed, before, after] = line.slice(1).map((text) => toNano(text));
        expect(slashed).toBeGreaterThan(0n);
        expect(before! - after!).toBe(slashed);
    });
}
