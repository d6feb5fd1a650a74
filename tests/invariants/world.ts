import { type Address, toNano } from '@ton/core';
import { Market, Node } from 'cocoon-wrappers';
import { DAY } from '../helpers/terms';
import type { Chain, Flight } from './chain';
import { AMPLE, JobModel, type Surroundings } from './job-model';
import { governor, guardian, hotOf, type Network, NODES, owner } from './network';
import { NodeModel } from './node-model';
import type { Note, Order } from './notes';
import { decodeNode } from './read';
import { accepted, excessTo, REFUSED, type Verdict } from './verdict';

const MAX_PAUSE = 7 * DAY;
const PAUSE_COOLDOWN = 30 * DAY;

/** Everybody's money, as it should be. */
export class World implements Surroundings {
    readonly nodes = new Map<string, NodeModel>();
    readonly jobs = new Map<string, JobModel>();
    readonly orders: Order[] = [];
    readonly chain: Chain;
    nodeCount = NODES;
    private pausedUntil = 0;
    private nextPauseAt = 0;
    private readonly nodeAddresses: Address[] = [];
    private readonly births = new Map<
        string,
        { index: number; owner: Address; note: Extract<Note, { kind: 'register' }> }
    >();

    constructor(readonly network: Network) {
        this.chain = network.chain;
        this.chain.restore(network.base);
        for (let index = 0; index < NODES; index++) this.addNode(index, owner(index), hotOf(index));
    }

    get terms() {
        return this.network.terms;
    }

    get now() {
        return this.chain.now;
    }

    nodeAddress(index: number): Address {
        this.nodeAddresses[index] ??= Node.fromIndex(this.network.registry, index).address;
        return this.nodeAddresses[index] as Address;
    }

    marketAddress({ address, spec }: Order): Address {
        const { registry, termsHash, terms, markets } = this.network;
        const shard = Market.shardOf(address, terms.marketShards);
        const name = `${spec.modelId} ${shard}`;
        const market =
            markets.get(name) ?? Market.fromIdentity({ registry, termsHash, modelId: spec.modelId, shard });
        markets.set(name, market);
        return market.address;
    }

    node(index: number): NodeModel {
        const node = this.nodes.get(this.nodeAddress(index).toRawString());
        if (!node) throw new Error(`There is no node ${index}.`);
        return node;
    }

    addOrder(order: Order): void {
        this.orders.push(order);
        this.jobs.set(order.address.toRawString(), new JobModel(order));
    }

    /** What must happen when this message arrives now. Changes the model as the contracts must change. */
    receive(flight: Flight): Verdict {
        const account = flight.to.toRawString();
        const alive = this.chain.get(flight.to)?.data !== undefined;
        if (!alive && !flight.deploys) return REFUSED;
        if (flight.to.equals(this.network.registry)) return this.registry(flight);
        const birth = this.births.get(account);
        if (birth && flight.note.kind === 'birth') return accepted();
        const job = this.jobs.get(account);
        if (job) {
            const verdict = job.receive(flight, this);
            if (job.over) job.ended = job.state;
            if (verdict.gone) this.jobs.set(account, new JobModel(job.order, job.ended));
            return verdict;
        }
        const node = this.nodes.get(account);
        if (node) return node.receive(flight, this);
        return flight.note.kind === 'announcement' ? accepted() : REFUSED;
    }

    /** Called after a Birth was executed: how much stake arrived is a matter of fees. */
    born(account: Address): void {
        const birth = this.births.get(account.toRawString());
        if (birth) this.addNode(birth.index, birth.owner, birth.note);
    }

    private registry({ note, from, value }: Flight): Verdict {
        if (value < AMPLE / 8n) return REFUSED;
        switch (note.kind) {
            case 'register': {
                if (this.now < this.pausedUntil || value < toNano('120') || from.workChain !== 0)
                    return REFUSED;
                const index = this.nodeCount++;
                const to = this.nodeAddress(index);
                this.births.set(to.toRawString(), { index, owner: from, note });
                const atLeast = value - toNano('1');
                return accepted({
                    sends: [{ to, opcode: 'Birth', note: { kind: 'birth', index }, atLeast }],
                });
            }
            case 'pause':
                if (!from.equals(guardian) || note.duration < 1 || note.duration > MAX_PAUSE) return REFUSED;
                if (this.now < this.nextPauseAt) return REFUSED;
                return this.pauseUntil(this.now + note.duration, from);
            case 'unpause':
                if (!from.equals(guardian) && !from.equals(governor)) return REFUSED;
                return this.now < this.pausedUntil ? this.pauseUntil(this.now, from) : REFUSED;
            default:
                return REFUSED;
        }
    }

    private pauseUntil(until: number, from: Address): Verdict {
        this.pausedUntil = until;
        this.nextPauseAt = until + PAUSE_COOLDOWN;
        return accepted(excessTo(from));
    }

    private addNode(index: number, nodeOwner: Address, hot: ReturnType<typeof hotOf>): void {
        const address = this.nodeAddress(index);
        const data = this.chain.get(address)?.data;
        if (!data) throw new Error(`Node ${index} was not born.`);
        const { stake } = decodeNode(data);
        const { operator, payout, encryptionKey } = hot;
        const node = new NodeModel(
            index,
            address,
            nodeOwner,
            { operator, payout, encryptionKey },
            stake,
            this,
        );
        this.nodes.set(address.toRawString(), node);
    }
}
