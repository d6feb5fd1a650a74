import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BlockchainTransaction } from '@ton/sandbox';
import { errorName, UNKNOWN_MESSAGE } from './errors';

/** Rows by what a table's heading names: row title -> cells. */
export type StateTable = Map<string, Map<string, string[]>>;

/**
 * Reads the tables of docs/spec/<file>: each under a `### heading`, the first column naming one or more senders. A row
 * for several senders is returned once for each.
 */
export function readStateTables(file: string): StateTable {
    const tables: StateTable = new Map();
    let rows: Map<string, string[]> | undefined;
    for (const line of readFileSync(join(__dirname, '..', '..', 'docs', 'spec', file), 'utf8').split('\n')) {
        const heading = /^### `?([^`]+)`?$/.exec(line)?.[1];
        if (heading !== undefined) {
            rows = new Map();
            tables.set(heading, rows);
        } else if (line.startsWith('|') && rows) {
            const [title, ...cells] = line
                .split('|')
                .slice(1, -1)
                .map((cell) => cell.trim());
            if (title === 'from' || title === 'in flight' || title!.startsWith('---')) continue;
            for (const sender of title!.split(', ')) rows.set(sender, cells);
        }
    }
    return tables;
}

/** Name of the error that a transaction ended with; undefined when it succeeded. */
export function refusal({ description }: Pick<BlockchainTransaction, 'description'>): string | undefined {
    if (description.type !== 'generic') throw new Error('Not the transaction of a message.');
    const { computePhase } = description;
    if (computePhase.type === 'skipped') return `skipped: ${computePhase.reason}`;
    if (computePhase.exitCode === UNKNOWN_MESSAGE) return 'UNKNOWN';
    if (computePhase.exitCode === 0 && !description.aborted) return undefined;
    return errorName(computePhase.exitCode)?.slice('ERR_'.length) ?? `exit ${computePhase.exitCode}`;
}

/** One cell for what happens before and after a deadline. */
export function beforeAndAfter(before: string, after: string): string {
    return before === after ? before : `${before} / ${after}`;
}
