// The tool that looks for leaks finds them: planted ones, in each form, at each place where the privacy test and the
// chat demo look.
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { inspect } from '../../demo/chat/privacy/capture';
import { freePort } from '../../demo/free-port';
import { root } from './helpers/readme';
import { Workspace } from './helpers/workspace';

const PROMPT = 'My name is Wilhelmina and I live in “Zürich”.\nWhat may I drive?';
const ANSWER = 'You may drive to Winterthur and back.';
const HOOK = pathToFileURL(join(root, 'demo/chat/privacy/hook.mjs')).href;

let workspace: Workspace;
beforeEach(() => {
    workspace = new Workspace();
});
afterEach(() => workspace.dispose());

const leaks = () => inspect(workspace.folder, [PROMPT, ANSWER]).sealed.leaks;

const utf8 = Buffer.from(PROMPT);
const forms: [string, Buffer | string][] = [
    ['text', PROMPT],
    ['JSON in JSON', JSON.stringify({ log: JSON.stringify({ prompt: PROMPT }) })],
    [
        'JSON in ASCII',
        JSON.stringify(PROMPT).replace(/[\u0080-\uffff]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
    ],
    ['a URL', `GET /?q=${encodeURIComponent(PROMPT)}`],
    ['a form', new URLSearchParams({ q: PROMPT }).toString()],
    ['UTF-16', Buffer.from(PROMPT, 'utf16le')],
    ['hex', utf8.toString('hex')],
    ['hex in capitals', utf8.toString('hex').toUpperCase()],
    ['base64', utf8.toString('base64')],
    ['base64url', utf8.toString('base64url')],
    ['base64 after one byte', Buffer.concat([Buffer.from('x'), utf8]).toString('base64')],
    ['base64 after two bytes', Buffer.concat([Buffer.from('xy'), utf8]).toString('base64')],
    ['gzip', Buffer.concat([Buffer.from('before'), gzipSync(utf8), Buffer.from('after')])],
    ['gzip that breaks off', gzipSync(Buffer.concat([utf8, Buffer.alloc(20_000)])).subarray(0, -12)],
    ['three words', 'msg="cannot parse: drive to Winterthur"'],
    ['tokens of a stream', 'data: {"t":"You may drive to "}\n\ndata: {"t":"Winterthur"}\n\n'],
];

it.each(forms)('finds a text as %s', (_, planted) => {
    const noise = Buffer.alloc(100_000, 'journal of a node; ');
    workspace.write('node/journal.db', '');
    appendFileSync(
        workspace.path('node/journal.db'),
        Buffer.concat([noise, Buffer.from(planted as string), noise]),
    );
    const found = leaks();
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]!.where).toMatch(/^node\/journal\.db/);
});

it('finds nothing where nothing is', () => {
    workspace.write('gateway.log', '{"msg":"answered","tokens":12,"node":"0:11"}\n'.repeat(1_000));
    workspace.write('sealed', '');
    const random = Buffer.alloc(4_000_000);
    for (let i = 0, x = 1; i < random.length; i++) {
        x = Math.imul(x, 1_103_515_245) + 12_345;
        random[i] = x >>> 16;
    }
    appendFileSync(workspace.path('sealed'), random);
    const { sealed } = inspect(workspace.folder, [PROMPT, ANSWER]);
    expect(sealed).toEqual({ files: 2, bytes: expect.any(Number), leaks: [] });
    expect(sealed.bytes).toBeGreaterThan(4_000_000);
});

it.each([
    [
        'a socket',
        "require('node:net').connect(port, '127.0.0.1', function () { this.on('error', () => {}); this.write(text.slice(0, 20)); this.end(text.slice(20)); });",
    ],
    ['fetch', "fetch('http://127.0.0.1:' + port, { method: 'POST', body: text }).catch(() => undefined);"],
    [
        'a stream over node:http',
        "const r = require('node:http').request({ port, host: '127.0.0.1', method: 'POST' }); r.on('error', () => {}); r.write('a'); r.end(text);",
    ],
])('finds what a process sends through %s', async (_, code) => {
    expect(await sent(code)).toEqual(expect.arrayContaining([expect.stringMatching(/\.sent$/)]));
});

it.each([
    ['keeps apart what the API answers, and searches it too', true],
    ['takes an answer to anybody but the application for a leak', false],
])('%s', async (_, isApi) => {
    const apiPort = await freePort();
    const code = `const s = require('node:http').createServer((_, r) => r.end(text)).listen(${apiPort}, '127.0.0.1', async () => {
        await (await fetch('http://127.0.0.1:${apiPort}')).text();
        process.exit();
    });`;
    const where = await sent(code, { COCOON_CAPTURE_API_PORT: isApi ? String(apiPort) : '1' });
    const { readable } = inspect(workspace.folder, [PROMPT]);
    expect([where.length > 0, readable.texts.has(PROMPT)]).toEqual([!isApi, isApi]);
});

/** Runs code in a process with the hook and returns the files in which the prompt was found. */
async function sent(code: string, environment = {}): Promise<string[]> {
    // Takes what comes and hangs up after the prompt's last word: then the process has nothing left to do.
    const sink = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.on('data', (part) => part.includes('drive?') && socket.destroy());
    });
    await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
    const { port } = sink.address() as { port: number };
    mkdirSync(workspace.path('capture'));
    const program = `const port = ${port}; const text = ${JSON.stringify(PROMPT)}; ${code}`;
    const child = spawn(process.execPath, ['--import', HOOK, '-e', program], {
        env: { ...process.env, ...environment, COCOON_CAPTURE: workspace.path('capture') },
        stdio: 'ignore',
    });
    await new Promise((resolve) => child.once('exit', resolve));
    sink.close();
    return leaks().map(({ where }) => where);
}
