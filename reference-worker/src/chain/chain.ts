import type { Address } from '@ton/core';
import {
    type ChainPrices,
    createRpc,
    createWalletSender,
    type Rpc,
    readPrices,
    type Wallet,
    type WalletSender,
} from 'cocoon-sdk';
import { Node, type NodeCold, type NodeData, Registry } from 'cocoon-wrappers';
import { walletContract, walletKeys } from '../config';
import type { WorkerContext } from '../context';
import { checkKeys, findNode, requireRegistry } from './checks';
import { ChainClock } from './clock';
import { ChainError } from './errors';
import { Outgoing } from './outgoing';
import { OutboxPendingStore } from './pending-store';
import type { RpcMonitor } from './rpc-monitor';
import { surveyTerms, type TermsSurvey } from './served-terms';
import { TraceReader } from './trace-reader';

/** What the chain last said about the node and its wallet. Amounts in nanoTON. */
export interface NodeView {
    node: NodeData;
    details: NodeCold;
    terms: TermsSurvey;
    walletBalance: bigint;
    /** Unix seconds; the guardian's pause, 0 for none. */
    pausedUntil: number;
    prices: ChainPrices;
}

/** Keys, terms, the guardian's pause and prices change seldom. */
const READ_ALL_MS = 15_000;

/** The worker's connection to the chain: everything that services read and send goes through it. */
export class Chain {
    readonly clock: ChainClock;
    readonly outgoing: Outgoing;
    #readAllAt: number;

    private constructor(
        readonly rpc: Rpc,
        readonly registry: Address,
        readonly node: { address: Address; index: number },
        readonly wallet: Address,
        readonly sender: WalletSender,
        private latest: NodeView,
        private readonly context: WorkerContext,
        halt: AbortSignal,
        store: OutboxPendingStore,
    ) {
        const { config, journal, logger, metrics, now } = context;
        const intervalMs = config.network.pollSeconds * 1000;
        this.clock = new ChainClock(now);
        this.#readAllAt = now();
        const traces = new TraceReader({ reader: rpc, wallet, intervalMs, signal: halt });
        const maxMessages = config.wallet.version === 'v5r1' ? 64 : 4;
        this.outgoing = new Outgoing({
            journal,
            store,
            sender,
            traces,
            logger,
            metrics,
            maxMessages,
            signal: halt,
        });
    }

    /**
     * Connects and checks that network, registry, node, keys and terms fit this worker.
     * Throws ChainError for what does not fit, RpcError for trouble with the endpoints.
     * @param halt ends every call and wait.
     */
    static async connect(context: WorkerContext, monitor: RpcMonitor, halt: AbortSignal): Promise<Chain> {
        const { config, journal, secrets } = context;
        const rpc = createRpc({
            endpoints: config.network.endpoints.map(({ url, apiKeyEnv }) => ({
                url,
                apiKey: apiKeyEnv ? process.env[apiKeyEnv] : undefined,
            })),
            timeoutMs: config.network.timeoutSeconds * 1000,
            ratePerSecond: config.network.ratePerSecond,
            fetch: monitor.fetch,
            signal: halt,
        });
        const { registry } = config.network;
        await requireRegistry(rpc, registry, config.network.id);
        const node = await findNode(rpc, registry, config.node);

        const keys = await walletKeys(secrets);
        const contract = walletContract(keys.publicKey, config.wallet.version, config.network.id);
        const store = new OutboxPendingStore(journal);
        const intervalMs = Math.min(1500, config.network.pollSeconds * 1000);
        const sender = createWalletSender({
            reader: rpc,
            wallet: { contract, secretKey: keys.secretKey } as Wallet,
            pending: store,
            intervalMs,
            signal: halt,
        });
        const { view, time } = await readView(rpc, {
            registry,
            node: node.address,
            wallet: contract.address,
            networkId: config.network.id,
        });
        checkKeys(view, contract.address, secrets);
        if (view.terms.served.size === 0) throw noServedTerms(view.terms);
        const chain = new Chain(rpc, registry, node, contract.address, sender, view, context, halt, store);
        chain.clock.observe(time);
        return chain;
    }

    get networkId(): number {
        return this.context.config.network.id;
    }

    /** What `refresh` read last. */
    get view(): NodeView {
        return this.latest;
    }

    /** Reads node and wallet again, and from time to time the rest. Throws RpcError. */
    async refresh(): Promise<NodeView> {
        const { rpc, registry, wallet, networkId } = this;
        const where = { registry, node: this.node.address, wallet, networkId };
        const now = this.context.now();
        if (now - this.#readAllAt >= READ_ALL_MS) {
            const { view, time } = await readView(rpc, where);
            this.latest = view;
            this.clock.observe(time);
            this.#readAllAt = now;
        } else {
            const { time, ...present } = await readPresent(rpc, where);
            this.latest = { ...this.latest, ...present };
            this.clock.observe(time);
        }
        return this.latest;
    }
}

interface Where {
    registry: Address;
    node: Address;
    wallet: Address;
    networkId: number;
}

async function readView(rpc: Rpc, where: Where): Promise<{ view: NodeView; time: number }> {
    const contract = rpc.open(Node.fromAddress(where.node));
    const [present, details, network, prices] = await Promise.all([
        readPresent(rpc, where),
        contract.getDetails(),
        rpc.open(Registry.fromAddress(where.registry)).getNetwork(),
        readPrices(rpc),
    ]);
    const view: NodeView = {
        node: present.node,
        walletBalance: present.walletBalance,
        details,
        terms: surveyTerms(details.terms, where.networkId),
        pausedUntil: network.pausedUntil,
        prices,
    };
    return { view, time: present.time };
}

/** What changes with every job. */
async function readPresent(rpc: Rpc, where: Where) {
    const [account, node] = await Promise.all([
        rpc.getAccount(where.wallet),
        rpc.open(Node.fromAddress(where.node)).getNode(),
    ]);
    return { node, walletBalance: account.balance, time: account.syncTime };
}

function noServedTerms({ refused }: TermsSurvey): ChainError {
    const why = [...refused].map(([hash, reason]) => `${hash.slice(0, 8)}… (${reason})`).join(', ');
    return new ChainError(
        'no_served_terms',
        `the node serves under no terms that this worker has the contracts of: ${why || 'none held'}`,
        'install the worker version that belongs to the network, or let the owner adopt its present terms',
    );
}
