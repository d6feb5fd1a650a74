import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from '../../../../demo/free-port';
import type { RegisteredNode } from '../../../../reference-worker/tests/helpers/local-network';
import { NETWORK_ID } from '../../../../reference-worker/tests/helpers/local-network';
import { bundle } from './bundle';
import { Program } from './program';

export interface NodeOptions {
    readonly network: { readonly url: string; readonly registry: string };
    readonly node: Pick<RegisteredNode, 'index' | 'environment'>;
    /** Of worker.yaml. */
    readonly models: readonly object[];
    readonly sessions: object;
    /** Everything that it keeps lies below. */
    readonly home: string;
    readonly changes?: object;
    readonly execArgv?: readonly string[];
    readonly env?: NodeJS.ProcessEnv;
}

let program: Promise<string> | undefined;

/** A worker as operators run it, ready to be started. Its metrics are at the URL. */
export async function createNode(options: NodeOptions): Promise<Program & { metricsUrl: string }> {
    program ??= bundle('reference-worker', 'src/cli.ts');
    const { network, node, models, sessions, home, changes, execArgv, env } = options;
    mkdirSync(home, { recursive: true });
    const port = await freePort();
    const config = {
        network: {
            id: NETWORK_ID,
            endpoints: [network.url],
            registry: network.registry,
            pollSeconds: 0.2,
        },
        node: { index: node.index },
        models,
        sessions,
        policy: { minExecutionSeconds: 1 },
        journal: { path: 'journal.db' },
        http: { port },
        drain: { timeoutSeconds: 10 },
        ...changes,
    };
    writeFileSync(join(home, 'worker.yaml'), stringify(config));
    const worker = new Program({
        script: await program,
        args: ['run', '--config', 'worker.yaml'],
        cwd: home,
        logFile: join(home, 'worker.log'),
        readyUrl: `http://127.0.0.1:${port}/readyz`,
        env: { ...node.environment, ...env },
        execArgv,
    });
    return Object.assign(worker, { metricsUrl: `http://127.0.0.1:${port}/metrics` });
}
