import type { Address } from '@ton/core';
import { type Cocoon, Job, type Market, Node } from 'cocoon-sdk';
import type { Outcome } from './jobs';
import { currentModelId } from './model';
import type { Network } from './network';

/** One account: what the network gave it at the start, and what it has now. nanoTON. */
export interface Row {
    readonly name: string;
    readonly funded: bigint;
    readonly now: bigint;
}

export interface Accounts {
    readonly rows: readonly Row[];
    /** Collected by validators: gas, storage and forwarding. */
    readonly fees: bigint;
    readonly funded: bigint;
    /** Every nanoTON that was put in is on one of these accounts or was paid as a fee. */
    readonly conserved: boolean;
}

/** Balances of everybody who took part, and the check that together with the fees they are what was put in. */
export async function takeStock(
    network: Network,
    cocoon: Cocoon,
    outcomes: readonly Outcome[],
    others: readonly { name: string; address: Address }[] = [],
): Promise<Accounts> {
    await network.devnet.settle();
    const balanceOf = (address: Address) => network.devnet.balance(address);
    const contract = (name: string, address: Address): Row => ({ name, funded: 0n, now: balanceOf(address) });
    const { nodeCount } = await cocoon.network.getNetwork();
    const markets = await cocoon.jobs.getMarkets({ modelId: currentModelId() });
    const rows: Row[] = [
        ...network.parties.map(({ name, funded, contract: { address } }) => ({
            name,
            funded,
            now: balanceOf(address),
        })),
        contract('Registry', cocoon.registry),
        ...Array.from({ length: nodeCount }, (_, index) =>
            contract(`Node ${index} (stake and storage)`, Node.fromIndex(cocoon.registry, index).address),
        ),
        ...markets.map((market: Market, shard) => contract(`Market, shard ${shard}`, market.address)),
        ...outcomes.map(({ address }, i) =>
            contract(`Job ${i + 1} (destroyed)`, Job.fromAddress(address).address),
        ),
        ...others.map(({ name, address }) => contract(name, address)),
    ];
    const supply = await network.devnet.supply();
    const funded = rows.reduce((sum, row) => sum + row.funded, 0n);
    const balances = rows.reduce((sum, row) => sum + row.now, 0n);
    const conserved = supply.conserved && funded === supply.funded && balances + supply.fees === funded;
    return { rows, fees: supply.fees, funded, conserved };
}
