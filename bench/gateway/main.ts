import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../tests/e2e/helpers/inference/bundle';
import { type Comparison, compare, type Plan, type Variant } from './measure';
import { startPeer } from './peer';
import { forkReady, stop } from './processes';
import { profileTable } from './profile';
import { print } from './report';
import { type System, startSystem } from './system';

// What gateway and node add to an engine that takes no time, and how many requests a second they get through, beside the
// engine asked directly and a plain proxy that neither seals nor pays. Load, gateway, node and engine share this machine.
//
//   npm run bench:gateway             takes some minutes
//   npm run bench:gateway -- --quick  about half a minute
//   npm run bench:gateway -- --json   the last line is one JSON object
//   npm run bench:gateway -- --profile=<folder>  writes CPU profiles of gateway and node there, and shows what they say
//
// Exits with 1 when a gate fails.

const plans = (quick: boolean): Plan[] => [
    { clients: 1, rounds: quick ? 5 : 11, requests: quick ? 150 : 500 },
    { clients: 16, rounds: quick ? 5 : 11, requests: quick ? 300 : 1_000 },
    { clients: 128, rounds: quick ? 5 : 11, requests: quick ? 600 : 2_000 },
];

async function main(options: Set<string>): Promise<void> {
    const directory = mkdtempSync(join(tmpdir(), 'cocoon-bench-'));
    const children: ChildProcess[] = [];
    let system: System | undefined;
    try {
        const engine = await forkReady<{ port: number }>(
            await bundle('bench', 'gateway/engine-process.ts'),
            {},
        );
        children.push(engine.process);
        const peer = await startPeer(engine.first.port);
        children.push(peer.process);
        const profile = [...options]
            .find((option) => option.startsWith('--profile='))
            ?.slice('--profile='.length);
        system = await startSystem(engine.first.port, directory, profile);
        const direct = {
            name: 'direct',
            port: engine.first.port,
            path: '/v1/chat/completions',
            model: 'null',
            headers: {},
        };
        const variants: Variant[] = [
            { target: direct, stream: false },
            { target: direct, stream: true },
            { target: peer.target, stream: false },
            { target: system.target, stream: false },
            { target: system.target, stream: true },
        ];
        const comparisons: Comparison[] = [];
        for (const plan of plans(options.has('--quick'))) {
            const comparison = await compare(plan, variants);
            print(comparison);
            comparisons.push(comparison);
        }
        if (profile) await reportProfile(profile, system);
    } finally {
        await system?.close();
        await Promise.all(children.map(stop));
        rmSync(directory, { recursive: true, force: true });
    }
}

/** Profiles are written when the processes end. */
async function reportProfile(folder: string, { gateway, worker }: System): Promise<void> {
    await gateway.stop();
    await worker.stop();
    for (const name of ['gateway', 'worker']) {
        process.stdout.write(`\n${name}\n\n${profileTable(join(folder, `${name}.cpuprofile`))}\n`);
    }
}

main(new Set(process.argv.slice(2))).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 1;
});
