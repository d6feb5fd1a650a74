import { parseConfig, runWorker } from 'cocoon-worker';

export interface MemorySample {
    /** Bytes, after a garbage collection. */
    heap: number;
    rss: number;
}

/** A worker in a process of its own that tells its memory when asked. */
async function main(): Promise<void> {
    const { config, directory } = JSON.parse(process.argv[2]!) as { config: unknown; directory: string };
    const stop = new AbortController();
    process.on('SIGTERM', () => stop.abort());
    process.on('message', async () => {
        await collectGarbage();
        const { heapUsed, rss } = process.memoryUsage();
        const sample: MemorySample = { heap: heapUsed, rss };
        process.send!(sample);
    });
    process.send!('started');
    await runWorker({ config: parseConfig(config), directory, signal: stop.signal });
    process.disconnect();
}

/** What finalizers hold, as fetch's do, is free only after they ran, in tasks of their own. */
async function collectGarbage(): Promise<void> {
    for (let i = 0; i < 3; i++) {
        globalThis.gc!();
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    globalThis.gc!();
}

main().catch((error) => {
    process.stderr.write(`${error?.stack ?? error}\n`);
    process.exit(1);
});
