import { styleText } from 'node:util';
import type { Accounts } from './accounting';
import type { Outcome } from './jobs';

const bold = (text: string) => styleText('bold', text);
const dim = (text: string) => styleText('dim', text);

export function heading(text: string): void {
    console.log(`\n${bold(text)}`);
}

/** One line of progress with the seconds since the start. */
export function step(startedAt: number, text: string): void {
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1).padStart(5);
    console.log(`${dim(`${seconds} s`)}  ${text}`);
}

/** nanoTON as TON with all nine places, so that nothing is hidden by rounding. */
export function ton(nano: bigint): string {
    const sign = nano < 0n ? '-' : '';
    const digits = (nano < 0n ? -nano : nano).toString().padStart(10, '0');
    return `${sign}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

export function printAnswers(outcomes: readonly Outcome[]): void {
    for (const { job, status, answers, node, price } of outcomes) {
        heading(
            `${job.title}: ${status}${status === 'paid' ? `, node ${node} earned ${ton(price)} TON` : ''}`,
        );
        job.prompts.forEach((prompt, i) => {
            console.log(`  ${dim('Q')} ${prompt}`);
            console.log(`  ${dim('A')} ${answers[i]?.trim() ?? dim('(no answer: the node vanished)')}`);
        });
    }
}

export function printAccounts({ rows, fees, funded, conserved }: Accounts): void {
    heading('Where every nanoTON is');
    const width = Math.max(...rows.map(({ name }) => name.length), 34);
    const line = (name: string, ...numbers: string[]) =>
        console.log(`  ${name.padEnd(width)}${numbers.map((text) => text.padStart(18)).join('')}`);
    line('', 'put in, TON', 'has now, TON', 'difference');
    for (const row of rows) line(row.name, ton(row.funded), ton(row.now), ton(row.now - row.funded));
    line('chain fees (gas, storage, messages)', '', ton(fees), ton(fees));
    line(
        dim('together').padEnd(width + dim('').length),
        ton(funded),
        ton(rows.reduce((s, r) => s + r.now, fees)),
        '',
    );
    console.log(conserved ? '  Not one nanoTON is missing.' : '  The sums differ: this is a bug.');
}
