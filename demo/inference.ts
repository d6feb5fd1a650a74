// The whole way once, for real: a local TON network, the protocol's contracts, workers with a language model, paid
// inference. `--json` adds one JSON object as the last line, `--keep` leaves the network up.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { toNano } from '@ton/core';
import type { Cocoon } from 'cocoon-sdk';
import { takeStock } from './accounting';
import { claimAndVanish, demoJobs, expireWhenDue, follow, OPENING, type Outcome } from './jobs';
import { printKept, waitForEnd } from './keep';
import { deploy, type Network, startNetwork } from './network';
import { type Operator, registerOperator, WorkerProcess } from './operators';
import { heading, printAccounts, printAnswers, step, ton } from './report';
import { connect, createParty } from './wallets';

const { values: flags } = parseArgs({
    options: { json: { type: 'boolean', default: false }, keep: { type: 'boolean', default: false } },
});

const startedAt = performance.now();
const directory = mkdtempSync(join(tmpdir(), 'cocoon-demo-'));
const workers: WorkerProcess[] = [];
const network = await startNetwork();
try {
    await main();
} catch (error) {
    console.error(error instanceof Error ? `The demo failed: ${error.message}` : error);
    process.exitCode = 1;
    network.end.abort();
} finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await network.devnet.close();
    rmSync(directory, { recursive: true, force: true });
}

async function main(): Promise<void> {
    heading('A local TON network, the contracts, three operators');
    step(startedAt, `network with today's fee prices at ${network.url}`);
    const { registry, fees } = await deploy(network);
    step(startedAt, `Registry ${registry} deployed for ${ton(fees)} TON`);
    const operators = await Promise.all(
        ['Ada', 'Grace', 'Houdini'].map((name) => registerOperator(network, name)),
    );
    for (const { name, index, stake } of operators) {
        step(startedAt, `${name} registered node ${index} with a stake of ${ton(stake)} TON`);
    }
    const [ada, grace, houdini] = operators as [Operator, Operator, Operator];
    workers.push(
        ...(await Promise.all(
            [ada, grace].map((operator) => WorkerProcess.start(network, operator, directory)),
        )),
    );
    step(startedAt, 'two workers have loaded the model and watch the chain; Houdini runs none');

    heading('Jobs');
    const outcomes = await runJobs(network, ada, houdini);
    printAnswers(outcomes);

    const client = connect(network, network.parties[0]!);
    heading('The nodes afterwards');
    for (const { name, index, stake } of operators) {
        const { counters, stake: now } = await client.nodes.getNode({ node: index });
        console.log(
            `  ${name}: ${counters.paid} paid, ${counters.expired} expired, earned ${ton(counters.earned)} TON, ` +
                `slashed ${ton(counters.slashed)} TON, stake ${ton(stake)} → ${ton(now)} TON`,
        );
    }
    const houdiniNow = await client.nodes.getNode({ node: houdini.index });
    const accounts = await takeStock(network, client, outcomes);
    printAccounts(accounts);

    const paid = outcomes.filter(({ status }) => status === 'paid');
    const count = (jobs: readonly Outcome[]) => jobs.reduce((sum, { job }) => sum + job.prompts.length, 0);
    const summary = {
        paid: count(paid),
        refunded: count(outcomes) - count(paid),
        slashed: houdiniNow.counters.expired,
        items: count(outcomes),
        tokens: paid.reduce((sum, { tokens }) => sum + tokens, 0),
        conserved: accounts.conserved,
        feesNano: Number(accounts.fees),
        seconds: Number(((performance.now() - startedAt) / 1_000).toFixed(1)),
    };
    heading(
        `${summary.paid} of ${summary.items} requests answered and paid, ${summary.refunded} refunded, ` +
            `${summary.slashed} node slashed, ${ton(accounts.fees)} TON of chain fees, ${summary.seconds} s`,
    );
    if (flags.keep) await printKept(network);
    if (flags.json) console.log(JSON.stringify(summary));
    if (!accounts.conserved) process.exitCode = 1;
    if (flags.keep) await waitForEnd();
}

/** A client posts four jobs; a keeper ends the one whose node vanishes. */
async function runJobs(network: Network, direct: Operator, vanishing: Operator): Promise<Outcome[]> {
    const client = connect(network, await createParty(network, 'client', toNano('20')));
    const keeper = connect(network, await createParty(network, 'keeper', toNano('2')));
    const vanished = claimAndVanish(connect(network, vanishing.hot), vanishing);
    const outcomes = await Promise.all(
        demoJobs(direct, vanishing).map((job) =>
            follow(client, job, {
                onStep: (text) => step(startedAt, `${job.title}: ${text}`),
                onPosted:
                    job.node === vanishing.index ? (address) => expireWhenDue(keeper, address) : undefined,
            }),
        ),
    );
    await vanished;
    await destroyFinished(keeper, outcomes);
    return outcomes;
}

/** A job that ended before its openBefore still holds its storage reserve: whoever destroys it sends that to the client. */
async function destroyFinished(keeper: Cocoon, outcomes: readonly Outcome[]): Promise<void> {
    network.devnet.increaseTime(OPENING);
    await network.devnet.mine(); // wallets sign for two minutes from the last block
    for (const { address } of outcomes) {
        if ((await keeper.jobs.getJob({ job: address })) !== null)
            await keeper.jobs.destroyJob({ job: address });
    }
}
