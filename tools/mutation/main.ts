// Mutants of the contracts against their tests: is every comparison, number, check, send mode and bounce handler looked at?
//
//   npm run test:mutation                       all contracts; exits with 1 below 95 %
//   npm run test:mutation -- --contract=vault   market, job, node, dispute, registry, common: one folder of contracts/
//   npm run test:mutation -- --sample=50 --seed=2   so many mutants, drawn at random
//   npm run test:mutation -- --file=<path>[:<line>] --workers=2 --json
//
// Works on copies of build/ below .mutation/, which it removes.

import { join } from 'node:path';
import { formatTable } from '../deploy/units';
import { hunt } from './hunt';
import { byFile, byOperator, groupScores, LEAST_SCORE, type Score, scoreOf, survivorsOf } from './report';
import { targets } from './targets';

async function main(options: readonly string[]): Promise<void> {
    const option = (name: string) =>
        options.find((text) => text.startsWith(`--${name}=`))?.slice(name.length + 3);
    const contract = option('contract')?.toLowerCase();
    if (contract && !targets.includes(contract)) {
        throw new Error(`There is no contracts/${contract}; known are ${targets.join(', ')}.`);
    }
    const startedAt = performance.now();
    const root = process.cwd();
    const results = await hunt({
        root,
        folder: join(root, '.mutation', String(process.pid)),
        targets: contract ? [contract] : targets,
        file: option('file'),
        sample: option('sample') ? Number(option('sample')) : undefined,
        seed: Number(option('seed') ?? 1),
        workers: Number(option('workers') ?? 1),
        progress: (text) => process.stderr.write(`${text}\n`),
    });
    if (results.length === 0) throw new Error('There is nothing to change there.');
    const minutes = (performance.now() - startedAt) / 60_000;
    const total = scoreOf(results);
    console.log(tableOf('operator', groupScores(results, byOperator)));
    console.log(`\n${tableOf('file', groupScores(results, byFile))}`);
    const survivors = survivorsOf(results);
    if (survivors.length > 0) console.log(`\nSurvivors\n${survivors.join('\n')}`);
    const of = (...ends: string[]) => results.filter(({ end }) => ends.includes(end)).length;
    const [equivalent, invalid] = [of('equivalent', 'duplicate'), of('invalid')];
    const perMinute = Number((results.length / minutes).toFixed(1));
    console.log(
        `\n${results.length} mutants in ${minutes.toFixed(1)} minutes (${perMinute} a minute): ${total.killed} killed, ` +
            `${total.survived} survived, ${total.argued} argued, ${equivalent} the same program, ${invalid} invalid; ` +
            `score ${(100 * total.score).toFixed(2)} %`,
    );
    if (total.score < LEAST_SCORE) process.exitCode = 1;
    if (!options.includes('--json')) return;
    const summary = { mutants: results.length, ...total, equivalent, invalid, perMinute, survivors };
    console.log(JSON.stringify({ ...summary, operators: groupScores(results, byOperator) }));
}

function tableOf(title: string, scores: Record<string, Score>): string {
    const rows = Object.entries(scores).map(([name, { killed, survived, argued, score }]) => [
        name,
        String(killed),
        String(survived),
        String(argued),
        `${(100 * score).toFixed(1)} %`,
    ]);
    return formatTable([[title, 'killed', 'survived', 'argued', 'score'], ...rows]);
}

main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
});
