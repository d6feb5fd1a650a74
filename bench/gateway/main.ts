import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../tests/e2e/helpers/inference/bundle';
import type { Target } from './load/round';
import { type Comparison, compare, type Plan, ratio, type Variant } from './measure';
import { type Money, mistakes, settle } from './money';
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

const PROFILE = '--profile=';
/**
 * Streams through gateway and node, to plain answers through the peer, in requests a second at 128 clients. The quick run is
 * over before everything is compiled and warm; its gate only notices what is broken.
 */
const LEAST_RATIO = { full: 1, quick: 0.5 };
/** What gateway and node should add for one client, milliseconds. Shown, not enforced: it depends on the machine. */
const GOAL_ADDED_P50 = 1;

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
        const { port } = engine.first;
        const peer = await startPeer(port);
        children.push(peer.process);
        const profile = [...options].find((option) => option.startsWith(PROFILE))?.slice(PROFILE.length);
        system = await startSystem(port, directory, profile);
        const comparisons = await compareAll(plans(options.has('--quick')), port, peer.target, system.target);
        const requests = comparisons.reduce((sum, { sent }) => sum + (sent.gateway ?? 0), 0);
        report(options, comparisons, await settle(system, requests));
        if (profile) await reportProfile(profile, system);
    } finally {
        await system?.close();
        await Promise.all(children.map(stop));
        rmSync(directory, { recursive: true, force: true });
    }
}

async function compareAll(
    all: readonly Plan[],
    enginePort: number,
    peer: Target,
    gateway: Target,
): Promise<Comparison[]> {
    const path = '/v1/chat/completions';
    const direct = { name: 'direct', port: enginePort, path, model: 'null', headers: {} };
    const variants: Variant[] = [
        { target: direct, stream: false },
        { target: direct, stream: true },
        { target: peer, stream: false },
        { target: gateway, stream: false },
        { target: gateway, stream: true },
    ];
    const comparisons: Comparison[] = [];
    for (const plan of all) {
        const comparison = await compare(plan, variants);
        print(comparison);
        comparisons.push(comparison);
    }
    return comparisons;
}

function report(options: Set<string>, comparisons: readonly Comparison[], money: Money): void {
    const [one, , many] = comparisons as [Comparison, Comparison, Comparison];
    const addedP50 = one.figures['gateway streamed']!.addedP50;
    const streamedToPeer = ratio(many, 'gateway streamed', 'peer');
    const failures = mistakes(money);
    const least = options.has('--quick') ? LEAST_RATIO.quick : LEAST_RATIO.full;
    if (streamedToPeer < least) {
        failures.push(`streams at 128 clients are ${streamedToPeer} of the peer's requests/s, not ${least}`);
    }
    process.stdout.write(
        `\nadded for one client, streamed: ${addedP50} ms (goal: below ${GOAL_ADDED_P50}); ` +
            `streams at 128 clients to the peer's answers: ${streamedToPeer} times as many\n` +
            `${money.requests} requests for ${money.nodeServed} nanoTON, ${money.redeemed} redeemed on chain\n`,
    );
    for (const failure of failures) process.stderr.write(`FAILED ${failure}\n`);
    if (failures.length > 0) process.exitCode = 1;
    if (!options.has('--json')) return;
    const figures = comparisons.map(({ clients, figures }) => ({ clients, ...figures }));
    const passed = failures.length === 0;
    const summary = { figures, addedP50, goalAddedP50: GOAL_ADDED_P50, streamedToPeer, money, passed };
    process.stdout.write(`${JSON.stringify(summary)}\n`);
}

/** Profiles are written when the processes end. */
async function reportProfile(folder: string, { gateway, worker }: System): Promise<void> {
    await gateway.stop();
    await worker.stop();
    for (const name of ['gateway', 'worker']) {
        process.stderr.write(`\n${name}\n\n${profileTable(join(folder, `${name}.cpuprofile`))}\n`);
    }
}

main(new Set(process.argv.slice(2))).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 1;
});
