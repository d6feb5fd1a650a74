// A node answers with another model than it is paid for, another one is accused falsely: real jurors re-score both with the
// real engine. `--json` adds one JSON object as the last line.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Address, toNano } from '@ton/core';
import { bytesToHex, type Verdict } from 'cocoon-sdk';
import { deploy, startNetwork } from '../network';
import { heading, printAccounts, step, ton } from '../report';
import { connect, createParty } from '../wallets';
import { askNode, orderFrom } from './answers';
import { type Cast, registerCast, startCast } from './cast';
import type { CrewProcess } from './crew-process';
import { changeOf, printChanges, takeAllStock, weigh } from './sums';
import { Suspicion } from './suspicion';
import { DISPUTES } from './terms';
import { accuseOfAnswer, accuseOfResult, type Tell, type Trial } from './trial';

const { values: flags } = parseArgs({
    options: { json: { type: 'boolean', default: false }, cheat: { type: 'boolean' } },
});

const MAX_ITEM_BYTES = 16_384;
const STORY = 'Tell me a story about a dog.';
const QUESTIONS = ['Tell me a story about a cat.', 'Tell me a story about a robot.'];

const startedAt = performance.now();
const directory = mkdtempSync(join(tmpdir(), 'cocoon-cheat-'));
const crews: CrewProcess[] = [];
const network = await startNetwork();
try {
    await main();
} catch (error) {
    console.error(error instanceof Error ? `The demo failed: ${error.message}` : error);
    for (const crew of crews) console.error(crew.tail());
    process.exitCode = 1;
    network.end.abort();
} finally {
    await Promise.all(crews.map((crew) => crew.stop()));
    await network.devnet.close();
    rmSync(directory, { recursive: true, force: true });
}

async function main(): Promise<void> {
    heading('A local TON network, eight nodes');
    await deploy(network, DISPUTES);
    const cast = await registerCast(network);
    const { cheater, honest, jurors } = cast;
    step(
        startedAt,
        `${cheater.name} and ${honest.name} serve; ${jurors.map(({ name }) => name).join(', ')} are jurors`,
    );
    crews.push(...(await startCast(network, cast, directory)));
    step(
        startedAt,
        `the workers are ready; ${cheater.name}'s runs a coarser copy of the model and signs as the real one`,
    );

    const judge = connect(network, network.parties[0]!);
    const before = await Promise.all([cheater, honest].map((node) => weigh(network, judge, node)));
    const { trials, vault } = await accuse(cast);
    for (const crew of crews) await crew.stop();
    const after = await Promise.all([cheater, honest].map((node) => weigh(network, judge, node)));
    const [cheated, accused] = before.map((weight, i) => changeOf(weight, after[i]!));

    heading('The nodes afterwards');
    printChanges([cheated!, accused!]);
    const { accounts, burnt } = await takeAllStock(network, judge, trials, [vault]);
    printAccounts(accounts);

    const summary = {
        slashedCheater:
            trials[0]!.outcome === 'client' && trials[1]!.outcome === 'client' && cheated!.slashed > 0n,
        slashedHonest: accused!.slashed > 0n || accused!.stake[1] < accused!.stake[0],
        conserved: accounts.conserved,
        disputes: trials.map(({ title, outcome, votes }) => ({ title, outcome, votes })),
        slashedNano: Number(cheated!.slashed),
        burntNano: Number(burnt),
        honestGainNano: Number(accused!.gained),
        feesNano: Number(accounts.fees),
        seconds: Number(((performance.now() - startedAt) / 1_000).toFixed(1)),
    };
    heading(
        `${cheater.name} lost ${ton(cheated!.slashed)} TON, ${honest.name} kept the stake and gained ` +
            `${ton(accused!.gained)} TON, ${ton(burnt)} TON were burnt, ${summary.seconds} s`,
    );
    if (flags.json) console.log(JSON.stringify(summary));
    const asItShould =
        summary.slashedCheater && !summary.slashedHonest && summary.conserved && accused!.gained > 0n;
    if (!asItShould) process.exitCode = 1;
}

/** One client that checks what it gets, and one that says what is not so. */
async function accuse({ cheater, honest }: Cast): Promise<{ trials: Trial[]; vault: Address }> {
    const client = connect(network, await createParty(network, 'client', toNano('20')));
    const liar = connect(network, await createParty(network, 'liar', toNano('20')));
    const suspicion = await Suspicion.open(MAX_ITEM_BYTES);
    try {
        heading(`Answers of ${cheater.name} and ${honest.name}`);
        const [talk, batch, fair] = await Promise.all([
            askNode(client, cheater, STORY),
            orderFrom(client, cheater, QUESTIONS),
            orderFrom(liar, honest, QUESTIONS),
        ]);
        const ofTalk = await suspicion.ofAnswer(talk.evidence);
        show(STORY, talk.text, ofTalk);
        const ofBatch: Verdict[] = [];
        for (const [i, request] of batch.requests.entries()) {
            const verdict = await suspicion.ofResult(request, batch.answers[i]!);
            show(QUESTIONS[i]!, batch.answers[i]!.text, verdict);
            ofBatch.push(verdict);
        }
        const ofFair = await suspicion.ofResult(fair.requests[1]!, fair.answers[1]!);
        show(QUESTIONS[1]!, fair.answers[1]!.text, ofFair);
        const worst = ofBatch.findIndex(({ vote }) => vote === 'client');
        if (ofTalk.vote !== 'client' || worst < 0 || ofFair.vote !== 'node') {
            throw new Error('The client cannot tell the cheating node from the honest one.');
        }

        heading('Disputes');
        const session = `${cheater.name}'s session`;
        const job = `${cheater.name}'s job`;
        const lie = `${honest.name}'s job`;
        const trials = await Promise.all([
            accuseOfAnswer(client, talk.evidence, session, told(session)),
            accuseOfResult(client, batch, worst, job, told(job)),
            accuseOfResult(liar, fair, 1, lie, told(lie)),
        ]);
        await talk.settle();
        const vault = Address.parseRaw(`0:${bytesToHex(talk.evidence.request.vault)}`);
        return { trials, vault };
    } finally {
        await suspicion.close();
    }
}

function told(title: string): Tell {
    return (text) => step(startedAt, `${title.padEnd(16)} ${text}`);
}

/** What a client with an engine of its own sees. */
function show(question: string, answer: string, { vote, reason, statistics }: Verdict): void {
    console.log(`  Q ${question}`);
    console.log(`  A ${answer.trim()}`);
    const difference = statistics?.differences;
    const numbers = difference
        ? `, evidence ${difference.evidence.toFixed(1)} of ${difference.threshold.toFixed(1)} nats`
        : '';
    console.log(`    re-scored: for the ${vote} (${reason}${numbers})`);
}
