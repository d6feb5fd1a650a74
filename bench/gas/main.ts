// Costs of every operation of the protocol, over whole traces at the network's current prices.
//
//   npm run bench:gas                prints a table; exits with 1 when a promise of the project is broken
//   npm run bench:gas -- --check     also when a number is not the committed one, to the unit
//   npm run bench:gas -- --update    writes the committed numbers, bench/gas/ledger.json
//   npm run bench:gas -- --json      prints one line of JSON last

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentNetworkConfig } from 'cocoon-devnet';
import { broken, differences, type Ledger } from './ledger';
import { disputeOperations } from './operations/disputes';
import { jobOperations } from './operations/jobs';
import { nodeOperations } from './operations/nodes';
import { registryOperations } from './operations/registry';
import { vaultOperations } from './operations/vaults';
import { tableOf } from './table';
import { createWorld } from './world';

const ledgerFile = join(process.cwd(), 'bench', 'gas', 'ledger.json');

async function measureAll(): Promise<Ledger> {
    const ledger: Ledger = {};
    const operations = [
        ...jobOperations,
        ...vaultOperations,
        ...nodeOperations,
        ...registryOperations,
        ...disputeOperations,
    ];
    for (const { name, run } of operations) {
        ledger[name] = await run(await createWorld(currentNetworkConfig()));
    }
    return ledger;
}

function committed(): Ledger {
    return existsSync(ledgerFile) ? JSON.parse(readFileSync(ledgerFile, 'utf8')).ops : {};
}

async function main(options: Set<string>): Promise<void> {
    const measured = await measureAll();
    console.log(tableOf(measured));
    if (options.has('--update')) writeFileSync(ledgerFile, `${JSON.stringify({ ops: measured }, null, 4)}\n`);
    const drift = options.has('--check') ? differences(committed(), measured) : [];
    if (drift.length > 0) {
        console.error(`\nNot as in bench/gas/ledger.json:\n${drift.join('\n')}`);
        console.error('If that is meant, run `npm run bench:gas -- --update` and commit the ledger.');
    }
    const promises = broken(measured);
    if (promises.length > 0) console.error(`\nPromises that are not kept:\n${promises.join('\n')}`);
    if (drift.length + promises.length > 0) process.exitCode = 1;
    if (options.has('--json')) console.log(JSON.stringify({ ops: measured }));
}

main(new Set(process.argv.slice(2))).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
});
