import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../demo/free-port';
import type { Target } from './load/round';

const SERVER = join(__dirname, '../../node_modules/@portkey-ai/gateway/build/start-server.js');

/** A well-known plain proxy: no sealing, no payment. It does not stream on Node 20, so it is measured without. */
export async function startPeer(enginePort: number): Promise<{ process: ChildProcess; target: Target }> {
    const port = await freePort();
    const child = spawn(process.execPath, [SERVER, `--port=${port}`, '--headless'], {
        stdio: 'ignore',
        // It refuses hosts of private networks otherwise.
        env: { ...process.env, NODE_ENV: 'production', TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost' },
    });
    for (let tries = 0; ; tries++) {
        if (child.exitCode !== null || tries === 200) throw new Error('The peer did not start.');
        const up = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
        if (up?.ok) break;
        await sleep(50);
    }
    const target = {
        name: 'peer',
        port,
        path: '/v1/chat/completions',
        model: 'null',
        headers: {
            authorization: 'Bearer none',
            'x-portkey-provider': 'openai',
            'x-portkey-custom-host': `http://127.0.0.1:${enginePort}/v1`,
        },
    };
    return { process: child, target };
}
