import type { Address } from '@ton/core';
import { type ChainPrices, type Rpc, readPrices } from 'cocoon-sdk';
import { Node, type NodeCold, type NodeData, Registry } from 'cocoon-wrappers';
import { surveyTerms, type TermsSurvey } from './served-terms';

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

/** What is looked at. */
export interface Where {
    registry: Address;
    node: Address;
    wallet: Address;
    networkId: number;
}

/** Reads everything. Throws RpcError. */
export async function readView(rpc: Rpc, where: Where): Promise<{ view: NodeView; time: number }> {
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
export async function readPresent(rpc: Rpc, where: Where) {
    const [account, node] = await Promise.all([
        rpc.getAccount(where.wallet),
        rpc.open(Node.fromAddress(where.node)).getNode(),
    ]);
    return { node, walletBalance: account.balance, time: account.syncTime };
}
