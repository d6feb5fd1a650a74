import type { Gateway } from './gateways';
import type { World } from './world';

interface LedgerRow {
    readonly id: string;
    readonly kind: string;
    readonly status: string;
    readonly price: string;
}

/** Rows of a gateway's ledger, and their sum in nanoTON; with the embedded database only while it does not run. */
export async function ledgerOf(gateway: Gateway): Promise<{ rows: LedgerRow[]; spent: bigint }> {
    const printed = await gateway.command('ledger', '--rows', '--json');
    const rows = printed
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as LedgerRow);
    return { rows, spent: rows.reduce((sum, { price }) => sum + BigInt(price), 0n) };
}

/** What all nodes of the world got so far: balances of their payout addresses, nanoTON. */
export function paidOut({ nodes, network }: World): bigint {
    return nodes.reduce((sum, { payout }) => sum + network.devnet.balance(payout), 0n);
}

/**
 * Takes everything back with a gateway that does not run, which only works when each promise can be kept: nodes redeem
 * their highest vouchers, and the contract refuses one that is above its allocation. Returns how many allocations there
 * were.
 */
export async function settleAll(gateway: Gateway): Promise<number> {
    const printed = await gateway.command('settle', '--withdraw');
    const [, released, pending] = /released +(\d+)[\s\S]*pending +(\d+)/.exec(printed) ?? [];
    expect({ printed, pending }).toEqual({ printed, pending: '0' });
    return Number(released);
}

/** Share of what vouchers pay that reaches a node, after the protocol's fee of the local network. */
export const AFTER_FEE = { of: 95n, per: 100n };
