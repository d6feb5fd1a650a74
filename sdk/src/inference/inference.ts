import { getNetwork } from '../actions/network/get-network';
import { AbortedError } from '../errors';
import { fetchTransport, noblePrimitives, SessionClient } from '../session';
import { systemClock, unlessAborted } from '../utils';
import { memoryChannelBook } from './channels/memory-book';
import { createParts, type InferenceParts } from './create-parts';
import { InferenceClosedError } from './errors';
import { cocoonFundingChain } from './funding/cocoon-chain';
import { readDirectory } from './nodes/read-directory';
import type { InferenceOptions } from './options';
import { openSessions } from './sessions';
import type {
    Inference,
    InferenceAnswer,
    InferenceFunds,
    InferenceRequest,
    ServedModelInfo,
    SettleOptions,
    SettleResult,
} from './types';

/** Real-time inference over the network of a client. Nothing happens on chain before the first request or `prepare`. */
export function createInference(options: InferenceOptions): Inference {
    const { client, transport = fetchTransport(), primitives = noblePrimitives, onEvidence } = options;
    const clock = options.clock ?? client.clock;
    const randomBytes = options.randomBytes ?? client.randomBytes;
    const book = options.channels ?? memoryChannelBook();
    const nodes = new Map<string, string>();
    const sessions = new SessionClient({
        transport,
        patience: options.patience,
        clock,
        randomBytes,
        onRecovered: ({ id }, { cumulative, owed }) =>
            options.onEvent?.({
                type: 'recovered',
                channel: id,
                node: nodes.get(id) ?? '',
                cumulative,
                owed: owed < cumulative ? owed : cumulative,
            }),
        answers: options.answerStore,
        evidence: {
            put: (evidence) => onEvidence?.({ ...evidence, node: nodes.get(evidence.channelId) ?? '' }),
        },
    });
    let networkId: Promise<number> | undefined;
    const readNetworkId = () => {
        networkId ??= getNetwork(client).then((network) => network.networkId);
        networkId.catch(() => {
            networkId = undefined;
        });
        return networkId;
    };
    const open = openSessions({ client: sessions, primitives, networkId: readNetworkId });
    return new NetworkInference(
        createParts({
            book,
            chain: cocoonFundingChain(client),
            openSession: (node, lease) => {
                nodes.set(lease.id, node.account);
                return open(node, lease);
            },
            readDirectory: () => readDirectory(client),
            primitives,
            routing: options.routing ?? {},
            funding: options.funding ?? {},
            clock: clock ?? systemClock,
            random: options.random ?? Math.random,
            randomBytes,
            onEvent: options.onEvent ?? (() => undefined),
        }),
    );
}

/** Inference from its parts, so that tests can put others in their place. */
export class NetworkInference implements Inference {
    private closed = false;

    constructor(private readonly parts: InferenceParts) {}

    async models(): Promise<readonly ServedModelInfo[]> {
        const { directory, router } = this.parts;
        const state = await directory.get();
        return state.models
            .flatMap((model) => router.offering(state, model).served ?? [])
            .sort((a, b) => (a.name < b.name ? -1 : 1));
    }

    async run(request: InferenceRequest): Promise<InferenceAnswer> {
        if (this.closed) throw new InferenceClosedError();
        if (request.signal?.aborted) throw new AbortedError();
        this.parts.maintenance.due();
        return this.parts.runner.run(request);
    }

    async prepare(models: readonly string[]): Promise<void> {
        if (this.closed) throw new InferenceClosedError();
        await Promise.all(models.map((model) => this.parts.runner.prepare(model)));
    }

    async funds(): Promise<InferenceFunds | undefined> {
        const { book, vaults, pool } = this.parts;
        const open = await book.exclusively(() => vaults.open());
        if (open === undefined) return undefined;
        const { free, allocations } = open.state;
        const unclaimed = [...allocations.values()].map(({ allocated, claimed }) => allocated - claimed);
        const vault = open.record.vault;
        return {
            vault,
            free,
            allocated: sum(unclaimed),
            promised: sum(pool.open().map(({ session }) => session.promised())),
        };
    }

    settle(options: SettleOptions = {}): Promise<SettleResult> {
        return this.parts.settler.settle(options);
    }

    async close({
        withdraw = false,
        signal,
    }: {
        withdraw?: boolean;
        signal?: AbortSignal;
    } = {}): Promise<void> {
        this.closed = true;
        await unlessAborted(this.parts.activity.idle(), signal, () => new AbortedError());
        await this.parts.funder.idle();
        if (withdraw) await this.settle({ withdraw: true, signal });
        await this.parts.leases.giveAll();
    }
}

function sum(amounts: readonly bigint[]): bigint {
    return amounts.reduce((total, amount) => total + amount, 0n);
}
