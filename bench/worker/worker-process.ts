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
    process.on('message', () => {
        globalThis.gc!();
        const { heapUsed, rss } = process.memoryUsage();
        const sample: MemorySample = { heap: heapUsed, rss };
        process.send!(sample);
    });
    process.send!('started');
    await runWorker({ config: parseConfig(config), directory, signal: stop.signal });
    process.disconnect();
}

main().catch((error) => {
    process.stderr.write(`${error?.stack ?? error}\n`);
    process.exit(1);
});
