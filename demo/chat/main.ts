// Chat over the network: an application asks a gateway with the official OpenAI client, three nodes answer, and at the
// end stands what of it the chain saw, and what anybody in between could have read. `--json` adds one JSON object as the
// last line, `--keep` leaves gateway and nodes up before everything is settled.
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { toNano } from '@ton/core';
import { Node } from 'cocoon-sdk';
import { freePort } from '../free-port';
import { MODEL } from '../model';
import { deploy, startNetwork } from '../network';
import { type Operator, registerOperator, WorkerProcess } from '../operators';
import { paths } from '../paths';
import { heading, step, ton } from '../report';
import { createParty } from '../wallets';
import { printLedger, takeLedger, walletMessages } from './chain';
import { GatewayProcess } from './gateway';
import { inspect } from './privacy/capture';
import { printPrivacy } from './privacy/report';
import { quickQuestions, SHOWN } from './questions';
import { type Answered, application, askAll, converse } from './talk';

const { values: flags } = parseArgs({
    options: { json: { type: 'boolean', default: false }, keep: { type: 'boolean', default: false } },
});

/** With those that are shown word by word, more than 50. */
const QUICK = 48;
const CLIENTS = 3;
/** A hundred times what is usual: the answers are short, and one should see the sums next to the fees. */
const PRICES = {
    promptPrice: toNano('10'),
    cachedPromptPrice: toNano('5'),
    completionPrice: toNano('30'),
};
const HOOK = pathToFileURL(join(paths.root, 'demo/chat/privacy/hook.mjs')).href;

const startedAt = performance.now();
const directory = mkdtempSync(join(tmpdir(), 'cocoon-chat-'));
const network = await startNetwork();
const workers: WorkerProcess[] = [];
let gateway: GatewayProcess | undefined;
try {
    await main();
} catch (error) {
    console.error(error instanceof Error ? `The demo failed: ${error.message}` : error);
    process.exitCode = 1;
    network.end.abort();
} finally {
    await gateway?.stop();
    await Promise.all(workers.map((worker) => worker.stop()));
    await network.devnet.close();
    rmSync(directory, { recursive: true, force: true });
}

async function main(): Promise<void> {
    heading('A local TON network, three nodes, a gateway');
    await deploy(network);
    step(startedAt, 'the contracts are deployed');
    const nodes = await registerNodes();
    const before = walletMessages(network);
    // Side by side: they take some seconds to start.
    const [prepared] = await Promise.all([prepareGateway(), startWorkers(nodes)]);
    gateway = prepared.gateway;
    await gateway.start();
    const { baseUrl } = gateway;
    const { apiKey } = prepared;
    step(startedAt, `the gateway serves the OpenAI API at ${baseUrl}`);
    const openai = application(baseUrl, apiKey);
    const nameOf = (account: string) => nodes.find((node) => node.account === account)?.operator.name ?? '?';

    heading('Chat: words as they come, each answer paid by vouchers that no chain sees');
    const answers: Answered[] = [];
    for (const conversation of SHOWN) answers.push(...(await converse(openai, conversation, nameOf)));

    heading(`${QUICK} more questions, ${CLIENTS} at a time`);
    answers.push(...(await askAll(openai, quickQuestions(QUICK), CLIENTS)));
    printShares(answers, nameOf);
    if (flags.keep) await keep(baseUrl, apiKey);

    await saveMetrics();
    await settle();
    const chain = await takeLedger(
        network,
        nodes.map(({ operator }) => operator),
        before,
        answers,
    );
    printLedger(chain, answers.length);

    const privacy = inspect(
        directory,
        answers.flatMap(({ question, answer }) => [question, answer]),
    );
    printPrivacy(privacy, answers.length);

    const leaks = privacy.sealed.leaks.length;
    const summary = {
        requests: answers.length,
        onchainTx: chain.messages.length,
        conserved: chain.conserved,
        plaintextLeaks: leaks,
        spentNano: Number(chain.earned),
        seconds: Number(((performance.now() - startedAt) / 1_000).toFixed(1)),
    };
    heading(
        `${summary.requests} answers for ${ton(chain.earned)} TON, ${summary.onchainTx} messages on chain, ` +
            `${summary.plaintextLeaks} words for others to read, ${summary.seconds} s`,
    );
    if (flags.json) console.log(JSON.stringify(summary));
    if (!chain.conserved || leaks > 0 || privacy.readable.texts.size === 0) process.exitCode = 1;
}

interface DemoNode {
    readonly operator: Operator;
    /** As answers name it, hex. */
    readonly account: string;
    readonly port: number;
}

async function registerNodes(): Promise<DemoNode[]> {
    const nodes = await Promise.all(
        ['Ada', 'Grace', 'Linus'].map(async (name) => {
            const port = await freePort();
            const endpoint = `http://127.0.0.1:${port}`;
            const operator = await registerOperator(network, name, { endpoint, prices: PRICES });
            const account = Node.fromIndex(network.registry!, operator.index).address.hash.toString('hex');
            return { operator, account, port };
        }),
    );
    step(startedAt, `${nodes.map(({ operator }) => operator.name).join(', ')} registered a node each`);
    return nodes;
}

/** Each in a process whose sockets are watched. */
async function startWorkers(nodes: readonly DemoNode[]): Promise<void> {
    const started = nodes.map(({ operator, port }) =>
        WorkerProcess.start(network, operator, directory, {
            config: { sessions: { listen: { host: '127.0.0.1', port }, chunkTokens: 32 } },
            ...watched(`node-${operator.index}`),
            detached: true,
        }),
    );
    workers.push(...(await Promise.all(started)));
    step(startedAt, 'their workers have loaded the model and serve');
}

/** A back end's gateway: its wallet pays, its API key goes to the application. */
async function prepareGateway(): Promise<{ gateway: GatewayProcess; apiKey: string }> {
    const payer = await createParty(network, 'back end', toNano('5'));
    const port = await freePort();
    const prepared = new GatewayProcess({
        network,
        payer,
        port,
        home: join(directory, 'gateway'),
        ...watched('gateway', { COCOON_CAPTURE_API_PORT: String(port) }),
    });
    return { gateway: prepared, apiKey: await prepared.createKey('application') };
}

/** Settings of a process that keeps a copy of all that it sends. */
function watched(name: string, environment: Record<string, string> = {}) {
    return {
        execArgv: ['--import', HOOK],
        env: { ...environment, COCOON_CAPTURE: join(directory, 'sent', name) },
    };
}

function printShares(answers: readonly Answered[], nameOf: (account: string) => string): void {
    for (const account of new Set(answers.map(({ node }) => node))) {
        const theirs = answers.filter(({ node }) => node === account);
        const paid = theirs.reduce((sum, { price }) => sum + price, 0n);
        const tokens = theirs.reduce((sum, answer) => sum + answer.tokens, 0);
        console.log(
            `  ${nameOf(account).padEnd(6)} answered ${theirs.length}, ${tokens} tokens for ${ton(paid)} TON`,
        );
    }
}

/** What monitoring sees counts as seen by others. */
async function saveMetrics(): Promise<void> {
    const folder = join(directory, 'metrics');
    mkdirSync(folder);
    writeFileSync(join(folder, 'gateway'), await gateway!.metrics());
    for (const [i, worker] of workers.entries())
        writeFileSync(join(folder, `node-${i}`), await worker.metrics());
}

/** The back end takes home what is left; the nodes redeem and give back their allocations. */
async function settle(): Promise<void> {
    heading('The back end is done');
    await gateway!.stop();
    await gateway!.settle();
    step(startedAt, 'everything is settled');
}

/** Leaves everything up for people who want to try their own application. */
async function keep(baseUrl: string, apiKey: string): Promise<void> {
    heading('Gateway and nodes stay up; Ctrl-C settles everything');
    console.log(`  export OPENAI_BASE_URL=${baseUrl}`);
    console.log(`  export OPENAI_API_KEY=${apiKey}`);
    console.log(`  The model is ${MODEL.name}.`);
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}
