import type { Address } from '@ton/core';
import { Market, Node, type Terms } from 'cocoon-wrappers';
import { VaultWorld } from '../vault/invariants/world';
import type { Chain, Executed, Flight } from './chain';
import { DisputeModel } from './models/dispute';
import { JobModel } from './models/job';
import { NodeModel } from './models/node';
import { type Birth, RegistryModel } from './models/registry';
import type { Surroundings } from './models/surroundings';
import { hotOf, JUROR_STAKE, type Network, NODES, operatorKeyOf, owner, TIMELOCK } from './network';
import type { Order, Suit } from './notes';
import { decodeNode } from './read/node';
import { accepted, REFUSED, type Verdict } from './verdict';

/** Everybody's money, as it should be. */
export class World implements Surroundings {
    readonly nodes = new Map<string, NodeModel>();
    readonly jobs = new Map<string, JobModel>();
    readonly disputes = new Map<string, DisputeModel>();
    readonly vaults = new Map<string, VaultWorld>();
    readonly orders: Order[] = [];
    readonly suits: Suit[] = [];
    readonly chain: Chain;
    readonly registryModel: RegistryModel;
    executed!: Executed;
    private readonly nodeAddresses: Address[] = [];

    constructor(readonly network: Network) {
        this.chain = network.chain;
        this.chain.restore(network.base);
        this.registryModel = new RegistryModel(NODES, network.termsHash, network.release, TIMELOCK);
        for (let index = 0; index < NODES; index++) this.addFounder(index);
        for (const vault of network.vaults) {
            this.vaults.set(vault.vault.toRawString(), new VaultWorld(vault, new Map()));
        }
    }

    get registry() {
        return this.network.registry;
    }

    get now() {
        return this.chain.now;
    }

    termsOf(hash: bigint): Terms {
        const found = this.network.allTerms.get(hash);
        if (!found) throw new Error('These terms are nobody’s.');
        return found.terms;
    }

    nodeAddress(index: number): Address {
        this.nodeAddresses[index] ??= Node.fromIndex(this.network.registry, index).address;
        return this.nodeAddresses[index] as Address;
    }

    marketAddress({ address, spec, terms, identity }: Order): Address {
        const { registry, markets } = this.network;
        const { termsHash } = identity;
        const shard = Market.shardOf(address, terms.marketShards);
        const name = `${termsHash} ${spec.modelId} ${shard}`;
        const market =
            markets.get(name) ?? Market.fromIdentity({ registry, termsHash, modelId: spec.modelId, shard });
        markets.set(name, market);
        return market.address;
    }

    disputeAddress(order: Order, claim: number, openBefore: number): Address {
        return this.network.jobSuit(order, claim, 0n, openBefore).address;
    }

    node(index: number): NodeModel {
        const node = this.nodes.get(this.nodeAddress(index).toRawString());
        if (!node) throw new Error(`There is no node ${index}.`);
        return node;
    }

    /** The job of an order, in its present life. */
    job({ address }: Order): JobModel {
        return this.jobs.get(address.toRawString()) as JobModel;
    }

    dispute({ address }: Suit): DisputeModel {
        return this.disputes.get(address.toRawString()) as DisputeModel;
    }

    addOrder(order: Order): void {
        this.orders.push(order);
        this.jobs.set(order.address.toRawString(), new JobModel(order));
    }

    /** The same request, or claim, has one Dispute for ever. */
    addSuit(suit: Suit): void {
        this.suits.push(suit);
        const account = suit.address.toRawString();
        if (!this.disputes.has(account)) this.disputes.set(account, new DisputeModel(suit));
    }

    /** What must have happened when this message arrived. Changes the model as the contracts must have changed. */
    receive(flight: Flight, executed: Executed): Verdict {
        this.executed = executed;
        const account = flight.to.toRawString();
        if (executed.before?.data === undefined && !flight.deploys) return REFUSED;
        if (flight.to.equals(this.network.registry)) return this.registryModel.receive(flight, this);
        const birth = this.registryModel.births.get(account);
        if (birth && flight.note.kind === 'birth') return this.born(birth);
        const job = this.jobs.get(account);
        if (job) {
            const verdict = job.receive(flight, this);
            if (job.over) job.ended = job.state;
            if (verdict.gone) this.jobs.set(account, new JobModel(job.order, job.ended));
            return verdict;
        }
        const dispute = this.disputes.get(account);
        if (dispute) {
            const verdict = dispute.receive(flight, this);
            if (dispute.phase === 'resolved') dispute.ended = `dispute ${dispute.outcome} ${dispute.round}`;
            if (verdict.gone) this.disputes.set(account, new DisputeModel(dispute.suit, dispute.ended));
            return verdict;
        }
        const node = this.nodes.get(account);
        if (node) return node.receive(flight, this);
        return flight.note.kind === 'announcement' ? accepted() : REFUSED;
    }

    /** How much stake arrived is a matter of fees. */
    private born({ index, owner: nodeOwner, note, at, version }: Birth): Verdict {
        const { operator, payout, encryptionKey, operatorKey, termsHash } = note;
        const hot = { operator, payout, encryptionKey };
        this.addNode(index, nodeOwner, hot, at, { operatorKey, termsHash, version });
        return accepted();
    }

    private addFounder(index: number): void {
        const { termsHash, bornAt, jurorsSince } = this.network;
        const born = { operatorKey: operatorKeyOf(index).id, termsHash, version: 1 };
        const node = this.addNode(index, owner(index), hotOf(index), bornAt, born);
        if (index === 0) return;
        node.court.jurorStake = JUROR_STAKE;
        node.court.jurorSince = jurorsSince;
    }

    private addNode(
        index: number,
        nodeOwner: Address,
        hot: ReturnType<typeof hotOf>,
        bornAt: number,
        born: { operatorKey: bigint; termsHash: bigint; version: number },
    ): NodeModel {
        const address = this.nodeAddress(index);
        const data = this.chain.get(address)?.data;
        if (!data) throw new Error(`Node ${index} was not born.`);
        const { stake } = decodeNode(data);
        const node = new NodeModel(index, address, nodeOwner, hot, bornAt, { ...born, stake }, this);
        this.nodes.set(address.toRawString(), node);
        return node;
    }
}
