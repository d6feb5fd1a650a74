import type { Comparison } from './measure';

const COLUMNS = ['requests/s', 'p50, ms', 'p99, ms', 'first byte', 'added p50', 'added p99'];

export function print({ clients, figures }: Comparison): void {
    const out = (text: string) => process.stdout.write(`${text}\n`);
    out(`\n${clients === 1 ? '1 client' : `${clients} clients`}`);
    out(row('', COLUMNS));
    for (const [name, figure] of Object.entries(figures)) {
        const { requestsPerSecond, p50, p99, firstByteP50, addedP50, addedP99 } = figure;
        out(
            row(name, [
                String(requestsPerSecond),
                ...[p50, p99, firstByteP50, addedP50, addedP99].map(places),
            ]),
        );
    }
}

function row(name: string, cells: readonly string[]): string {
    return `  ${name.padEnd(18)}${cells.map((cell) => cell.padStart(12)).join('')}`;
}

function places(ms: number): string {
    return ms.toFixed(2);
}
