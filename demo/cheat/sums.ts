import { Address } from '@ton/core';
import { type Cocoon, Dispute } from 'cocoon-sdk';
import { type Accounts, takeStock } from '../accounting';
import type { Network } from '../network';
import type { Operator } from '../operators';
import { ton } from '../report';
import type { Trial } from './trial';

/** What is sent there is gone: nobody has its key. */
const NOBODY = new Address(0, Buffer.alloc(32));

/** A node before and after. Amounts in nanoTON. */
export interface NodeChange {
    readonly operator: Operator;
    readonly stake: readonly [before: bigint, after: bigint];
    readonly slashed: bigint;
    /** Of its owner's wallet. */
    readonly gained: bigint;
}

/** What a node has; call it once before and once after. */
export async function weigh(network: Network, cocoon: Cocoon, operator: Operator) {
    const { stake, counters } = await cocoon.nodes.getNode({ node: operator.index });
    await network.devnet.settle();
    const wallet = network.devnet.balance(operator.owner.contract.address);
    return { operator, stake, slashed: counters.slashed, wallet };
}

type Weight = Awaited<ReturnType<typeof weigh>>;

export function changeOf(before: Weight, after: Weight): NodeChange {
    return {
        operator: before.operator,
        stake: [before.stake, after.stake],
        slashed: after.slashed - before.slashed,
        gained: after.wallet - before.wallet,
    };
}

export function printChanges(changes: readonly NodeChange[]): void {
    for (const { operator, stake, slashed, gained } of changes) {
        console.log(
            `  ${operator.name.padEnd(9)} stake ${ton(stake[0])} → ${ton(stake[1])} TON, ` +
                `slashed ${ton(slashed)} TON, owner's wallet ${gained < 0n ? '' : '+'}${ton(gained)} TON`,
        );
    }
}

/** Where every nanoTON is, disputes and what was burnt included. */
export async function takeAllStock(
    network: Network,
    cocoon: Cocoon,
    trials: readonly Trial[],
    vaults: readonly Address[],
): Promise<{ accounts: Accounts; burnt: bigint }> {
    const contracts = trials.flatMap(({ title, contracts: [dispute, job] }) => [
        { name: `Dispute: ${title}`, address: Dispute.fromAddress(dispute!).address },
        ...(job ? [{ name: `Job: ${title}`, address: job }] : []),
    ]);
    const accounts = await takeStock(
        network,
        cocoon,
        [],
        [
            ...contracts,
            ...vaults.map((address) => ({ name: 'Vault (storage)', address })),
            { name: 'burnt', address: NOBODY },
        ],
    );
    return { accounts, burnt: network.devnet.balance(NOBODY) };
}
