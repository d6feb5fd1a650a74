// Workers of several operators in one process, so that a small machine can run them all. Arguments: their worker.yaml files.
import { runWorker } from 'cocoon-worker';

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
try {
    await Promise.all(process.argv.slice(2).map((config) => runWorker({ config, signal: stop.signal })));
} catch (error) {
    stop.abort();
    console.error(error);
    process.exitCode = 1;
}
