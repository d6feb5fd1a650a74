import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { ModelConfig } from '../../src/config';
import {
    download,
    type DownloadProgress,
    HashCache,
    modelIdOf,
    parseManifest,
    progressReporter,
    readManifest,
    resolveModel,
    resolveModelPath,
} from '../../src/models';
import { listen, type TestServer } from '../helpers/http';
import { temporaryDirectory } from '../helpers/temporary';

const directory = temporaryDirectory();
const CONTENT = Buffer.alloc(300_000, 'weights ');
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');
const noWait = async () => {};

let server: TestServer;
let requests: (string | undefined)[] = [];
let behave: (request: IncomingMessage, response: ServerResponse) => void;

/** Serves CONTENT with ranges, as file hosts do. */
function serve(request: IncomingMessage, response: ServerResponse, cutAfter = Number.POSITIVE_INFINITY): void {
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (start >= CONTENT.length) {
        response.writeHead(416, { 'content-range': `bytes */${CONTENT.length}` }).end();
        return;
    }
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': CONTENT.length - start });
    if (CONTENT.length - start <= cutAfter) response.end(CONTENT.subarray(start));
    else response.write(CONTENT.subarray(start, start + cutAfter), () => setImmediate(() => response.destroy()));
}

beforeAll(async () => {
    server = await listen((request, response) => {
        requests.push(request.headers.range);
        behave(request, response);
    });
});
afterAll(() => server.close());
beforeEach(() => {
    requests = [];
    behave = serve;
});

const llama = (engine: object): ModelConfig => ({
    name: 'm',
    modelId: '11'.repeat(32),
    engine: { type: 'llama', contextSize: 512, contexts: 1, threads: 1, gpu: false, embeddings: true, ...engine },
    pricing: { minPricePerItem: 0n, promptPer1M: 0n, completionPer1M: 0n },
});
let folder = 0;
const resolve = (model: ModelConfig, modelsDirectory = `models-${folder++}`) =>
    resolveModel(model, { modelsDirectory }, { directory, retries: 2, wait: noWait });

describe('download', () => {
    test('a URL is downloaded, verified and reused without another request', async () => {
        const model = llama({ url: `${server.url}/m.gguf`, sha256: SHA256 });
        const { file } = await resolve(model, 'reuse');
        expect(readFileSync(file!).equals(CONTENT)).toBe(true);
        expect((await resolve(model, 'reuse')).file).toBe(file);
        expect(requests).toEqual([undefined]);
        expect(readdirSync(join(directory, 'reuse'))).toHaveLength(1);
    });

    test('a connection that breaks off twice is resumed where it stopped', async () => {
        behave = (request, response) => serve(request, response, 120_000);
        const path = join(directory, 'resumed.gguf');
        const seen: DownloadProgress[] = [];
        await download(`${server.url}/m.gguf`, path, { wait: noWait, onProgress: (progress) => seen.push(progress) });
        expect(readFileSync(path).equals(CONTENT)).toBe(true);
        expect(requests.length).toBeGreaterThanOrEqual(3);
        expect(Number(/\d+/.exec(requests[1]!)![0])).toBeGreaterThan(0);
        expect(seen.at(-1)).toEqual({ receivedBytes: CONTENT.length, totalBytes: CONTENT.length });
        expect(existsSync(`${path}.part`)).toBe(false);
    });

    test('a .part of an earlier run is continued, also when it is already whole', async () => {
        const path = join(directory, 'continued.gguf');
        writeFileSync(`${path}.part`, CONTENT.subarray(0, 100_000));
        await download(`${server.url}/m.gguf`, path, { wait: noWait });
        expect(requests).toEqual(['bytes=100000-']);
        writeFileSync(`${path}.part`, CONTENT);
        await download(`${server.url}/m.gguf`, path, { wait: noWait });
        expect(readFileSync(path).equals(CONTENT)).toBe(true);
    });

    test('a server without ranges starts over instead of appending', async () => {
        const path = join(directory, 'no-range.gguf');
        writeFileSync(`${path}.part`, Buffer.alloc(50_000, 1));
        behave = (_request, response) => response.end(CONTENT);
        await download(`${server.url}/m.gguf`, path, { wait: noWait });
        expect(readFileSync(path).equals(CONTENT)).toBe(true);
    });

    test('another content than promised: clear error, nothing under the final name, next try starts afresh', async () => {
        const model = llama({ url: `${server.url}/m.gguf?token=secret`, sha256: '00'.repeat(32) });
        const error = await resolve(model, 'mismatch').catch((caught) => caught);
        expect(error).toMatchObject({ code: 'model_hash_mismatch', exitCode: 5 });
        expect(error.message).toContain(SHA256);
        expect(error.message).not.toContain('secret');
        expect(readdirSync(join(directory, 'mismatch'))).toEqual([]);
    });

    test('404 is final; 503 is tried again and then reported; no server at all', async () => {
        behave = (_request, response) => response.writeHead(404).end();
        const model = llama({ url: `${server.url}/m.gguf?token=secret`, sha256: SHA256 });
        await expect(resolve(model)).rejects.toMatchObject({
            code: 'model_download_failed',
            message: expect.not.stringContaining('secret'),
        });
        expect(requests).toHaveLength(1);
        behave = (_request, response) => response.writeHead(503).end();
        await expect(resolve(model)).rejects.toMatchObject({ code: 'model_download_failed' });
        expect(requests).toHaveLength(4);
        await expect(resolve(llama({ url: 'http://127.0.0.1:9/m.gguf', sha256: SHA256 }))).rejects.toThrow(/failed: /);
    });

    test('a place that cannot be written', async () => {
        writeFileSync(join(directory, 'occupied'), '');
        const model = llama({ url: `${server.url}/m.gguf`, sha256: SHA256 });
        await expect(resolve(model, 'occupied')).rejects.toMatchObject({
            code: 'model_disk',
            remedy: expect.stringMatching(/modelsDirectory/),
        });
    });

    test('an abort ends the download and keeps what is there', async () => {
        const stop = new AbortController();
        const path = join(directory, 'aborted.gguf');
        behave = (_request, response) => {
            response.writeHead(200, { 'content-length': CONTENT.length });
            response.write(CONTENT.subarray(0, 1000));
        };
        const onProgress = ({ receivedBytes }: DownloadProgress) => receivedBytes > 0 && stop.abort();
        await expect(download(`${server.url}/m.gguf`, path, { signal: stop.signal, onProgress })).rejects.toThrow(/abort/);
        expect(existsSync(path)).toBe(false);
        expect(existsSync(`${path}.part`)).toBe(true);
    });
});

test('progress: a bar on a terminal, a line every ten per cent elsewhere', () => {
    const lines: string[] = [];
    let now = 0;
    const stream = { isTTY: false, write: (text: string) => lines.push(text) };
    const report = progressReporter('m.gguf', stream, () => now);
    for (let mega = 0; mega <= 100; mega++) {
        now += 100;
        report({ receivedBytes: mega * 1e6, totalBytes: 1e8 });
    }
    expect(lines).toHaveLength(11);
    expect(lines[5]).toMatch(/^m\.gguf \[#{14}-{14}\] 50 % 50\.0\/100\.0 MB 9\.8 MB\/s\n$/);
});

describe('local files', () => {
    const path = join(directory, 'local.gguf');
    beforeAll(() => writeFileSync(path, CONTENT));

    test('missing, wrong hash, right hash', async () => {
        await expect(resolve(llama({ path: 'none.gguf' }))).rejects.toMatchObject({ code: 'model_file_missing', exitCode: 5 });
        await expect(resolve(llama({ path, sha256: '00'.repeat(32) }))).rejects.toMatchObject({ code: 'model_hash_mismatch' });
        expect((await resolve(llama({ path: 'local.gguf', sha256: SHA256 }))).file).toBe(path);
    });

    test('a big file is hashed once, and again only when it changed', async () => {
        const file = join(directory, 'cached.gguf');
        writeFileSync(file, 'one');
        utimesSync(file, 1000, 1000);
        const cache = new HashCache(join(directory, 'cache'), 0);
        const first = await cache.sha256(file);
        writeFileSync(file, 'two');
        utimesSync(file, 1000, 1000);
        expect(await cache.sha256(file)).toBe(first);
        utimesSync(file, 2000, 2000);
        expect(await cache.sha256(file)).toBe(createHash('sha256').update('two').digest('hex'));
        await cache.rename(file, `${file}.moved`);
        writeFileSync(`${file}.moved`, 'new');
        utimesSync(`${file}.moved`, 2000, 2000);
        expect(await cache.sha256(`${file}.moved`)).toBe(createHash('sha256').update('two').digest('hex'));
    });
});

describe('manifest and model id', () => {
    const file = resolveModelPath('embedded:tiny-demo', 'manifest', directory);

    test('the embedded model has the hash and size that its manifest names', async () => {
        const manifest = readManifest(file);
        const weights = readFileSync(resolveModelPath('embedded:tiny-demo', 'weights', directory));
        expect(createHash('sha256').update(weights).digest('hex')).toBe(manifest.weights.sha256);
        expect(weights.length).toBe(manifest.weights.bytes);
        const model = { ...llama({ path: 'embedded:tiny-demo' }), modelId: undefined, manifest: 'embedded:tiny-demo' };
        expect(await resolve(model)).toMatchObject({ modelId: modelIdOf(manifest) });
    });

    test('the id depends on content and not on spelling', () => {
        const manifest = readManifest(file);
        expect(modelIdOf(manifest)).toBe('f953e50aeed21622b8afe0a9da57c1860853b750b6cc856cdf19ed35fa8b2dee');
        const reversed = JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(manifest).reverse()), null, 7));
        expect(modelIdOf(parseManifest(reversed))).toBe(modelIdOf(manifest));
        expect(modelIdOf({ ...manifest, revision: '2' })).not.toBe(modelIdOf(manifest));
    });

    test('a manifest of another form, and weights that contradict it', async () => {
        expect(() => parseManifest({ version: 1 })).toThrow(expect.objectContaining({ code: 'model_manifest' }));
        const model = llama({ path: 'embedded:tiny-demo', sha256: SHA256 });
        const contradicting = { ...model, modelId: undefined, manifest: 'embedded:tiny-demo' };
        await expect(resolve(contradicting)).rejects.toMatchObject({ code: 'model_manifest' });
        await expect(resolve({ ...model, modelId: undefined, manifest: 'embedded:none' })).rejects.toThrow(/no embedded model none/);
    });
});
