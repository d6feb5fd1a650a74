// Everything that leaves gateway, node and relay is captured and searched for what users typed and models said: sockets,
// files, logs at their most talkative, metrics; when all goes well and when it does not. privacy-capture.spec.ts shows that
// what is planted is found.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { modelIdOf, readManifest } from 'cocoon-worker';
import OpenAI, { toFile } from 'openai';
import { inspect } from '../../demo/chat/privacy/capture';
import { freePort } from '../../demo/free-port';
import { bundle } from './helpers/inference/bundle';
import type { Gateway } from './helpers/inference/gateways';
import { operatorKeyOf } from './helpers/inference/keys';
import { Program } from './helpers/inference/program';
import { World, type WorldNode } from './helpers/inference/world';
import { root } from './helpers/readme';

jest.setTimeout(240_000);

const HOOK = pathToFileURL(join(root, 'demo/chat/privacy/hook.mjs')).href;
const MANIFEST = join(root, 'reference-worker/models/tiny-demo.manifest.json');
const MODEL = 'tiny-demo';
const TALKATIVE = { log: { level: 'trace' } };

/** What the model answers it has learned by heart; the rest is what somebody may type. */
const QUESTIONS = [
    'What is the capital of Japan?',
    'What is a smart contract?',
    'Tell me a story about a robot.',
];
const SECRETS = [
    'My employer Hinterschweiger & Söhne owes the tax office a fortune.',
    'Doctor Quetzalcoatlus found something on the left side on Thursday.',
    'The password of the Wintergarten safe is Xylophonkasten.',
    'Write to Bartholomew Featherstone that the merger is off.',
];

let world: World;
let nodes: WorldNode[];
let relay: Program;
let gateway: Gateway;
let openai: OpenAI;
/** All that was typed or said, as the application knows it. */
const texts: string[] = [...QUESTIONS, ...SECRETS];

beforeAll(async () => {
    const modelId = modelIdOf(readManifest(MANIFEST));
    world = await World.start({
        models: new Map([[BigInt(`0x${modelId}`), { name: MODEL, manifestUri: 'embedded:tiny-demo' }]]),
    });
    const model = {
        name: MODEL,
        manifest: 'embedded:tiny-demo',
        engine: { type: 'llama', path: 'embedded:tiny-demo', contextSize: 1_024 },
        pricing: {},
    };
    const node = { models: [model], modelIds: [modelId], changes: TALKATIVE };
    const [port, metricsPort] = [await freePort(), await freePort()];
    relay = new Program({
        script: await bundle('relay', 'src/cli.ts'),
        args: ['--port', String(port), '--metrics-port', String(metricsPort)],
        cwd: world.folder,
        logFile: join(world.folder, 'relay.log'),
        readyUrl: `http://127.0.0.1:${metricsPort}/metrics`,
        ...watched('relay'),
    });
    world.programs.push(relay);
    await relay.start();
    nodes = [
        await world.addNode({ ...node, ...watched('node-0') }),
        await world.addNode({
            ...node,
            ...watched('node-1'),
            endpoint: `http://127.0.0.1:${port}/n/${operatorKeyOf(1)}`,
            sessions: { listen: undefined, relay: `ws://127.0.0.1:${port}` },
        }),
    ];
    const apiPort = await freePort();
    gateway = await world.addGateway('gateway', {
        port: apiPort,
        changes: { ...TALKATIVE, routing: { explorationShare: 0.5, priceWeight: 0 } },
        ...watched('gateway', { COCOON_CAPTURE_API_PORT: String(apiPort) }),
    });
    const apiKey = await gateway.createKey('privacy');
    await Promise.all(nodes.map(({ worker }) => worker.start()));
    await gateway.start();
    openai = new OpenAI({ baseURL: gateway.baseUrl, apiKey, maxRetries: 4 });
});
afterAll(() => world?.close());

function watched(name: string, environment: Record<string, string> = {}) {
    return {
        execArgv: ['--import', HOOK],
        env: { ...environment, COCOON_CAPTURE: join(world.folder, 'sent', name) },
    };
}

const chat = (content: string, change: object = {}) => ({
    model: MODEL,
    messages: [{ role: 'user' as const, content }],
    max_tokens: 48,
    ...change,
});

it('answers, streamed and whole, over a socket and through a relay', async () => {
    const first = await askAll();
    // Without that node everything goes to the other.
    const { worker } = nodes.find(({ address }) => address.hash.toString('hex') === first)!;
    await worker.stop();
    const second = await askAll();
    await worker.start();
    expect([first, second].sort()).toEqual(nodes.map(({ address }) => address.hash.toString('hex')).sort());
    texts.push(
        (await openai.completions.create({ model: MODEL, prompt: SECRETS[0]!, max_tokens: 8 })).choices[0]!
            .text,
    );
});

/** Asks every question, streamed and whole. Returns the node that answered last. */
async function askAll(): Promise<string> {
    let node = '';
    for (const question of [...QUESTIONS, ...QUESTIONS]) {
        const whole = await openai.chat.completions.create(chat(question));
        texts.push(whole.choices[0]!.message.content!);
        node = (whole as unknown as { cocoon: { node: string } }).cocoon.node;
        texts.push((await openai.chat.completions.stream(chat(question)).finalContent())!);
    }
    return node;
}

it('fails in every way, with secrets in hand', async () => {
    const failures: Promise<unknown>[] = [
        openai.chat.completions.create(chat(SECRETS[1]!, { temperature: 99 })),
        openai.chat.completions.create(chat(SECRETS[1]!, { model: 'gpt-none' })),
        openai.chat.completions.create(chat(`${SECRETS[2]} `.repeat(200))),
        openai.withOptions({ apiKey: 'sk-cocoon-wrong' }).chat.completions.create(chat(SECRETS[3]!)),
        openai.embeddings.create({ model: MODEL, input: SECRETS[1]!, dimensions: -1 }),
    ];
    for (const failure of failures) await expect(failure).rejects.toBeInstanceOf(OpenAI.APIError);
    const broken = await fetch(`${gateway.baseUrl}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${openai.apiKey}`, 'content-type': 'application/json' },
        body: `{"model":"${MODEL}","messages":[{"role":"user","content":"${SECRETS[2]}`,
    });
    expect(broken.status).toBe(400);
    const abort = new AbortController();
    const left = openai.chat.completions.create(chat(SECRETS[3]!, { stream: true }), {
        signal: abort.signal,
    });
    for await (const _ of (await left) as unknown as AsyncIterable<unknown>) abort.abort();
});

it('keeps files of batches sealed', async () => {
    const line = { custom_id: 'one', method: 'POST', url: '/v1/chat/completions', body: chat(SECRETS[0]!) };
    const file = await openai.files.create({
        file: await toFile(Buffer.from(JSON.stringify(line)), 'lines.jsonl'),
        purpose: 'batch',
    });
    expect(await (await openai.files.content(file.id)).text()).toContain(SECRETS[0]);
});

it('has told nobody', async () => {
    const metrics = join(world.folder, 'metrics');
    mkdirSync(metrics);
    const urls = [
        `${gateway.origin}/metrics`,
        `${gateway.origin}/healthz`,
        relay.options.readyUrl,
        ...nodes.map(({ worker }) => worker.metricsUrl),
    ];
    for (const [i, url] of urls.entries()) {
        writeFileSync(join(metrics, String(i)), await (await fetch(url)).text());
    }
    // A killed process cannot tidy up.
    for (const program of [gateway, relay, ...nodes.map(({ worker }) => worker)])
        await program.stop('SIGKILL');
    const { sealed, readable } = inspect(world.folder, texts);
    const found = sealed.leaks.map(({ needle, where }) => `${where}: ${needle.text} (${needle.encoding})`);
    expect(found).toEqual([]);
    expect(sealed.bytes).toBeGreaterThan(2_000_000);
    // What the application got is readable, and the same search finds it: answers and the file.
    expect(readable.texts).toContain(SECRETS[0]);
    expect([...readable.texts].some((text) => text.includes('Tokyo'))).toBe(true);
});
