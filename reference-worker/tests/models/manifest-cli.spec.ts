import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode } from '../../src/exit-codes';
import { resolveModelPath } from '../../src/models';
import { temporaryDirectory } from '../helpers/temporary';
import { finished, startTsx } from '../helpers/tsx';

const directory = temporaryDirectory();
const TINY = resolveModelPath('embedded:tiny-demo', 'weights', '.');
const MANIFEST = resolveModelPath('embedded:tiny-demo', 'manifest', '.');
const manifest = (...args: string[]) =>
    finished(startTsx('src/cli.ts', ['manifest', ...args], { cwd: directory }));
const idOf = (stdout: string) => /model id ([0-9a-f]{64})/.exec(stdout)?.[1];

test('the manifest of the embedded model is what the command makes of its file, and checks', async () => {
    const made = await manifest('make', TINY, '--license', 'Apache-2.0', '--name', 'tiny-demo', '-o', 'tiny.json');
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(readFileSync(join(directory, 'tiny.json'), 'utf8')).toBe(readFileSync(MANIFEST, 'utf8'));
    const checked = await manifest('check', MANIFEST, TINY);
    expect(checked.code).toBe(0);
    expect(idOf(checked.stdout)).toBe(idOf(made.stdout));
    // An id that may be on chain is never written over.
    const again = await manifest('make', TINY, '--license', 'Apache-2.0', '-o', 'tiny.json');
    expect(again.code).toBe(ExitCode.Config);
}, 60_000);

test('check names what differs: weights, and a context longer than the model has', async () => {
    const weights = readFileSync(TINY);
    weights.writeInt8(weights.readInt8(weights.length - 1) ^ 1, weights.length - 1);
    writeFileSync(join(directory, 'other.gguf'), weights);
    const other = await manifest('check', MANIFEST, 'other.gguf');
    expect(other.code).toBe(ExitCode.Model);
    expect(other.stderr).toMatch(/not the model of .*: weights\.sha256\n/);
    const long = { ...JSON.parse(readFileSync(MANIFEST, 'utf8')), contextLength: 4_096 };
    writeFileSync(join(directory, 'long.json'), JSON.stringify(long));
    expect((await manifest('check', 'long.json', TINY)).stderr).toMatch(/: contextLength\n/);
}, 60_000);

test('a folder of safetensors, as vLLM loads it', async () => {
    const folder = join(directory, 'folder');
    mkdirSync(folder);
    const write = (name: string, content: unknown) =>
        writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
    write('config.json', {
        architectures: ['LlamaForCausalLM'],
        max_position_embeddings: 8_192,
        vocab_size: 100,
        torch_dtype: 'bfloat16',
    });
    write('tokenizer.json', { model: { type: 'BPE' } });
    write('model-00001-of-00002.safetensors', 'one');
    write('model-00002-of-00002.safetensors', 'two');
    const missing = await manifest('make', folder, '--license', 'MIT');
    expect(missing.stderr).toMatch(/tokenizer_config\.json cannot be read/);
    write('tokenizer_config.json', { chat_template: '{{ messages }}' });
    const made = await manifest('make', folder, '--license', 'MIT', '--context-length', '4096', '-o', 'folder.json');
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(JSON.parse(readFileSync(join(directory, 'folder.json'), 'utf8'))).toMatchObject({
        weights: { format: 'safetensors', bytes: 6 },
        tokenizer: { type: 'BPE', vocabulary: 100 },
        quantization: 'bfloat16',
        contextLength: 4_096,
        engine: { name: 'vllm' },
    });
    expect((await manifest('check', 'folder.json', folder)).code).toBe(0);
    write('model-00002-of-00002.safetensors', 'owt');
    expect((await manifest('check', 'folder.json', folder)).stderr).toMatch(/: weights\.sha256\n/);
}, 120_000);
