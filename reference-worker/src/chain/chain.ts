import type { Address } from '@ton/core';
import {
    type CocoonClient,
    createClient,
    createWalletSender,
    type Rpc,
    type Wallet,
    type WalletSender,
} from 'cocoon-sdk';
import { walletContract, walletKeys } from '../config';
import type { WorkerContext } from '../context';
import { ChainClock } from './clock';
import { connectRpc, inspect } from './inspect';
import { Outgoing } from './outgoing';
import { OutboxPendingStore } from './pending-store';
import type { RpcMonitor } from './rpc-monitor';
import { TraceReader } from './trace-reader';
import { type NodeView, readPresent, readView } from './view';

/** Keys, terms, the guardian's pause and prices change seldom. */
const READ_ALL_MS = 15_000;

/** The worker's connection to the chain: everything that services read and send goes through it. */
export class Chain {
    readonly clock: ChainClock;
    readonly outgoing: Outgoing;
    /** For actions of the SDK that read, or only prepare messages: it sends nothing. */
    readonly client: CocoonClient;
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
        this.client = createClient({
            provider: rpc,
            network: { networkId: config.network.id, endpoints: [] },
            registry,
        });
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
        const rpc = connectRpc(config, monitor.fetch, halt);
        const keys = await walletKeys(secrets);
        const contract = walletContract(keys.publicKey, config.wallet.version, config.network.id);
        const { registry } = config.network;
        const { node, view, time } = await inspect(rpc, config, contract.address, secrets);
        const store = new OutboxPendingStore(journal);
        const sender = createWalletSender({
            reader: rpc,
            wallet: { contract, secretKey: keys.secretKey } as Wallet,
            pending: store,
            intervalMs: Math.min(1500, config.network.pollSeconds * 1000),
            signal: halt,
        });
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
