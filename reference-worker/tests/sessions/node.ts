import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Address } from '@ton/core';
import type { NodeOffer, SessionPrimitives, VaultAllocation } from 'cocoon-sdk';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { type SessionsConfig, x25519PublicKey } from '../../src/config';
import { parseConfig } from '../../src/config/load';
import type { ServedModel } from '../../src/context';
import { createNullEngine, type Engine } from '../../src/engines';
import { Journal } from '../../src/journal';
import { Capacity } from '../../src/services/policy/capacity';
import { type SessionEnvironment, SessionMetrics, SessionNode, type VaultFacts } from '../../src/sessions';
import { validConfig } from '../helpers/config';
import { primitives, TestClient, viaHandler } from './client';

export const NETWORK = -217;
export const MODEL = '11'.repeat(32);
export const TERMS = 7n;
const DAY = 86_400;

export interface TestNodeOptions {
    directory: string;
    journal?: string;
    engine?: Engine;
    completionTokens?: number;
    sessions?: Record<string, unknown>;
    boot?: string;
    offers?: NodeOffer[];
    now?: () => number;
    logLines?: string[];
    primitives?: SessionPrimitives;
    onRelease?: () => void;
}

export const OFFER: NodeOffer = {
    modelId: BigInt(`0x${MODEL}`),
    promptPrice: 1_000_000n,
    cachedPromptPrice: 1_000_000n,
    completionPrice: 1_000_000n,
    contextLength: 4096,
    slots: 8,
    region: 0,
    flags: 0,
    appearedAt: 0,
};

/** A node that serves sessions, with everything real but the chain. */
export class TestNode {
    readonly env: SessionEnvironment;
    readonly node: SessionNode;
    readonly voucherSeed = Buffer.alloc(32, 9);
    readonly account = Buffer.alloc(32, 1);
    readonly payout = Buffer.alloc(32, 2);
    readonly vault = Buffer.alloc(32, 3);
    readonly operatorSecret = Buffer.alloc(32, 4);
    readonly encryptionSecret = Buffer.alloc(32, 5);
    readonly registry = new Registry();
    facts: VaultFacts | undefined;
    /** What the chain does instead of answering. */
    chainFailure: Error | undefined;
    reads = 0;
    readonly fatal: unknown[] = [];
    offers: NodeOffer[];
    servedTerms = new Set([TERMS]);
    /** The key on chain is the one that this node has. */
    isOperator = true;

    private constructor(
        readonly journal: Journal,
        readonly engine: Engine,
        options: TestNodeOptions,
    ) {
        this.offers = options.offers ?? [OFFER];
        const now = options.now ?? Date.now;
        const model: ServedModel = {
            modelId: MODEL,
            name: 'nothing',
            engine,
            capacity: new Capacity(engine.capacity),
            pricing: { minPricePerItem: 0n, promptPer1M: 0n, completionPer1M: 0n },
        };
        const stream = { write: (line: string) => void options.logLines?.push(line) };
        this.env = {
            place: { networkId: NETWORK, node: new Uint8Array(this.account) },
            primitives: options.primitives ?? primitives,
            operatorSecret: this.operatorSecret,
            encryptionSecret: this.encryptionSecret,
            config: sessionsConfig(options.sessions),
            store: journal.sessions,
            models: new Map([[MODEL, model]]),
            offers: () => this.offers,
            isServed: (hash) => this.servedTerms.has(hash),
            isOperator: () => this.isOperator,
            payout: () => this.payout,
            logger: pino({ level: 'trace' }, stream),
            metrics: new SessionMetrics(this.registry),
            now,
            fatal: (error) => this.fatal.push(error),
        };
        this.facts = this.makeFacts([this.makeAllocation()]);
        this.node = new SessionNode({
            env: this.env,
            readVault: async () => {
                this.reads += 1;
                if (this.chainFailure) throw this.chainFailure;
                return this.facts && { ...this.facts, readAt: now() };
            },
            ...(options.onRelease && { onRelease: options.onRelease }),
        });
    }

    static start(options: TestNodeOptions): TestNode {
        const path = join(options.directory, options.journal ?? `${randomBytes(4).toString('hex')}.db`);
        const boot = options.boot === undefined ? {} : { boot: options.boot };
        const journal = Journal.open(path, { ...boot, ...(options.now ? { now: options.now } : {}) });
        const { completionTokens = 20 } = options;
        const engine =
            options.engine ??
            createNullEngine({ type: 'null', completionTokens, tokensPerStep: 1024, concurrency: 4 });
        return new TestNode(journal, engine, options);
    }

    makeAllocation(changes: Partial<VaultAllocation> = {}): VaultAllocation {
        return {
            slot: 3,
            generation: 5n,
            node: new Address(0, this.account),
            payee: new Address(0, this.payout),
            voucherKey: Buffer.from(primitives.publicKeyEd25519(this.voucherSeed)),
            allocated: 1_000_000n,
            claimed: 0n,
            releaseAt: 0,
            ...changes,
        };
    }

    makeFacts(allocations: VaultAllocation[]): VaultFacts {
        const bySlot = new Map(allocations.map((allocation) => [allocation.slot, allocation]));
        return {
            termsHash: TERMS,
            networkId: NETWORK,
            releaseDelay: 4 * DAY,
            allocations: bySlot,
            readAt: 0,
        };
    }

    /** Changes the allocation on chain. */
    change(changes: Partial<VaultAllocation>): void {
        this.facts = this.makeFacts([this.makeAllocation(changes)]);
    }

    client(changes: { generation?: bigint; slot?: number; vault?: Uint8Array; nodeKey?: Uint8Array } = {}) {
        const { slot = 3, generation = 5n, vault = new Uint8Array(this.vault) } = changes;
        return TestClient.create({
            allocation: { ...this.env.place, vault, slot, generation },
            voucherSeed: this.voucherSeed,
            nodeKey: changes.nodeKey ?? x25519PublicKey(this.encryptionSecret),
            modelId: Buffer.from(MODEL, 'hex'),
            call: viaHandler(this.node.handler),
        });
    }

    async close(): Promise<void> {
        await this.node.idle(new AbortController().signal);
        this.journal.close();
    }
}

export function sessionsConfig(changes: Record<string, unknown> = {}): SessionsConfig {
    const config = { ...validConfig(), sessions: { listen: { port: 0 }, ...changes } };
    return parseConfig(config).sessions!;
}

export const CHAT = { messages: [{ role: 'user', content: 'the secret question' }], max_tokens: 64 };
