import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = join(__dirname, '../..');

/** Bytes that a page downloads for this code, minified and compressed; @ton/core and @ton/crypto it has anyway. */
async function downloadOf(code: string): Promise<number> {
    const { outputFiles } = await build({
        stdin: { contents: code, resolveDir: root, loader: 'ts' },
        tsconfig: join(root, 'tsconfig.json'),
        external: ['@ton/*'],
        bundle: true,
        minify: true,
        format: 'esm',
        write: false,
    });
    return gzipSync(outputFiles[0]!.contents).length;
}

// Budgets are the measured size and a tenth: a page on a phone waits for every one of these bytes. Whoever needs more raises
// them knowingly, after a look at what became part of the bundle.
it.each([
    ['everything', "export * from 'cocoon-sdk';", 180_000],
    [
        'a page with a bound client',
        "import { createCocoon } from 'cocoon-sdk'; createCocoon({}).jobs.runJob({} as never);",
        169_000,
    ],
    [
        'one read',
        "import { createClient, getJob } from 'cocoon-sdk'; getJob(createClient({}), {} as never);",
        53_000,
    ],
])('%s is at most so many bytes', async (_name, code, budget) => {
    expect(await downloadOf(code)).toBeLessThanOrEqual(budget);
});
