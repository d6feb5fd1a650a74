// What cheating, capturing juries, self-disputes and griefing cost under the parameters of a network's file.
//
//   npm run bench:economics                     tables; exits with 1 when a promise of the protocol is broken
//   npm run bench:economics -- --json           prints one line of JSON last
//   npm run bench:economics -- --network=<file> other than networks/mainnet.example.json
//   npm run bench:economics -- --disputes=<n> --seed=<n>   a million each, and 1, when left out

import { loadParameters } from './parameters';
import { brokenPromises, study } from './study';
import { tablesOf } from './table';

function main(options: readonly string[]): void {
    const option = (name: string) =>
        options.find((text) => text.startsWith(`--${name}=`))?.slice(name.length + 3);
    const [disputes, seed] = [Number(option('disputes') ?? 1_000_000), Number(option('seed') ?? 1)];
    const parameters = loadParameters(option('network'));
    const startedAt = performance.now();
    const result = study(parameters, disputes, seed);
    const seconds = Number(((performance.now() - startedAt) / 1_000).toFixed(1));
    console.log(tablesOf(result));
    console.log(`\n${seconds} s, seed ${seed}`);
    const broken = brokenPromises(result, parameters);
    for (const promise of broken) console.error(`BROKEN ${promise}`);
    if (broken.length > 0) process.exitCode = 1;
    if (options.includes('--json')) {
        console.log(JSON.stringify({ seed, disputes, seconds, parameters, ...result, broken }));
    }
}

main(process.argv.slice(2));
