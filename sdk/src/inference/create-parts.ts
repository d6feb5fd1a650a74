import type { SessionPrimitives } from '../session';
import { bytesToHex, type Clock, hexToBytes, type RandomBytes } from '../utils';
import { Activity } from './activity';
import { codeOf } from './attempt';
import type { ChannelBook } from './channels/book';
import { FundingUnavailableError } from './errors';
import type { FundingChain } from './funding/chain';
import { Funder } from './funding/funder';
import { Leases } from './funding/leases';
import { ChannelPool } from './funding/pool';
import { Reconciler } from './funding/reconcile';
import type { OpenSession } from './funding/session';
import { Settler } from './funding/settle';
import { Vaults } from './funding/vaults';
import { Maintenance } from './maintenance';
import { Directory } from './nodes/directory';
import type { DirectoryState } from './nodes/entry';
import type { FundingPolicy, RoutingPolicy } from './options';
import { Router } from './routing/router';
import { Runner } from './runner';
import type { InferenceEvent } from './types';

/** What inference is made of. */
export type InferencePorts = {
    readonly book: ChannelBook;
    readonly chain: FundingChain;
    readonly openSession: OpenSession;
    readonly readDirectory: () => Promise<DirectoryState>;
    readonly primitives: Pick<SessionPrimitives, 'publicKeyEd25519'>;
    readonly routing: RoutingPolicy;
    readonly funding: FundingPolicy;
    readonly clock: Clock;
    readonly random: () => number;
    readonly randomBytes: RandomBytes;
    readonly onEvent: (event: InferenceEvent) => void;
};

export type InferenceParts = ReturnType<typeof createParts>;

const TON = 1_000_000_000n;
const MAINTENANCE_MS = 60_000;

/** Puts the parts together. */
export function createParts(ports: InferencePorts) {
    const { book, clock, onEvent, routing } = ports;
    const now = () => clock.now();
    const failed = (task: 'directory' | 'funding' | 'release') => (error: unknown) =>
        onEvent({ type: 'background_failed', task, code: codeOf(error) });
    const directory = new Directory({
        read: ports.readDirectory,
        clock,
        refreshMs: routing.refreshMs ?? 60_000,
        onFailure: failed('directory'),
    });
    const router = new Router({ policy: routing, now, random: ports.random });
    const money = fundingParts(ports, directory, failed('funding'));
    const activity = new Activity();
    const runner = new Runner({
        directory,
        router,
        pool: money.pool,
        clock,
        maxAttempts: routing.maxAttempts ?? 4,
        firstTokenTimeoutMs: routing.firstTokenTimeoutMs ?? 30_000,
        initialNodes: ports.funding.initialNodes ?? 3,
        maxPerNode: money.maxPerNode,
        onEvent,
        onRunning: (change) => activity.changed(change),
    });
    const maintenance = new Maintenance(
        () => money.settler.maintain(),
        now,
        MAINTENANCE_MS,
        failed('release'),
    );
    return { book, directory, router, runner, activity, maintenance, ...money };
}

function fundingParts(ports: InferencePorts, directory: Directory, onFailure: (error: unknown) => void) {
    const { book, chain, clock, randomBytes, onEvent, funding } = ports;
    const leases = new Leases(book);
    const publicKey = publicKeys(ports.primitives);
    const vaults = new Vaults({
        book,
        chain,
        randomBytes,
        wanted: funding.vault,
        openWithinSeconds: funding.openWithinSeconds ?? 3_600,
    });
    const event =
        (type: 'allocated' | 'increased' | 'releasing' | 'released') =>
        (record: { node: string; vault: string; allocated: bigint }, amount = record.allocated) =>
            onEvent({ type, node: record.node, vault: record.vault, amount });
    const reconciler = new Reconciler({
        book,
        leases,
        publicKey,
        now: () => clock.now(),
        onReleased: event('released'),
    });
    const funder = new Funder({
        chain,
        book,
        leases,
        vaults,
        reconciler,
        clock,
        randomBytes,
        publicKey,
        maxDeposit: funding.maxDeposit ?? 10n * TON,
        depositStep: funding.deposit ?? 2n * TON,
    });
    const maxPerNode = funding.maxPerNode ?? TON;
    const pool = new ChannelPool({
        book,
        leases,
        funder,
        openSession: ports.openSession,
        allocation: funding.allocation ?? TON / 5n,
        maxPerNode,
        maxNodes: funding.maxNodes ?? 8,
        lowWater: funding.lowWater ?? 0.5,
        now: () => clock.now(),
        onFunded: (lease, kind, amount) => event(kind)(lease.record, amount),
        onFailure,
    });
    const settler = new Settler({
        chain,
        book,
        leases,
        vaults,
        reconciler,
        clock,
        onReleasing: event('releasing'),
        async askNode(lease, signal) {
            const { nodes } = await directory.get();
            const node = nodes.find(({ account }) => account === lease.record.node);
            // A node that is gone cannot help.
            if (node === undefined) throw new FundingUnavailableError();
            await (pool.sessionOf(lease) ?? (await ports.openSession(node, lease))).release(signal);
        },
    });
    return { leases, vaults, funder, pool, settler, maxPerNode };
}

/** Public keys of voucher seeds, in hex digits; each is computed once. */
function publicKeys(
    primitives: Pick<SessionPrimitives, 'publicKeyEd25519'>,
): (voucherSeed: string) => string {
    const known = new Map<string, string>();
    return (seed) => {
        const key = known.get(seed) ?? bytesToHex(primitives.publicKeyEd25519(hexToBytes(seed)));
        known.set(seed, key);
        return key;
    };
}
