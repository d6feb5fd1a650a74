import type { Ledger } from './ledger';
import peer from './peer.json';

interface PeerCost {
    gas: number;
    tx: number;
}

/** Operations here, and the peer's that does the same service for its users. */
const comparable: Record<string, keyof typeof peer.ops> = {
    'register node': 'deploy and register worker',
    'whole job, direct': 'session end to end',
    'whole job, open': 'session end to end',
    'whole session': 'session end to end',
    'top up': 'client top-up',
    'redeem, 1 allocation': 'worker payout (signed)',
    withdraw: 'client withdraw',
    'add stake': 'client top-up',
    'withdraw unbonded': 'client withdraw',
};

export function tableOf(ledger: Ledger): string {
    const rows = Object.entries(ledger).map(([name, { gas, tx, feeNano }]) => [
        name,
        gas.toLocaleString('en'),
        String(tx),
        (feeNano / 1e9).toFixed(6),
        ...peerColumns(name),
    ]);
    const head = ['operation', 'gas', 'tx', 'TON', 'peer gas', 'peer tx', 'peer operation'];
    const widths = head.map((title, column) =>
        Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
    );
    const line = (row: string[]) =>
        row
            .map((text, column) =>
                column === 0 || column === 6
                    ? text.padEnd(widths[column] ?? 0)
                    : text.padStart(widths[column] ?? 0),
            )
            .join('  ')
            .trimEnd();
    return [line(head), ...rows.map(line)].join('\n');
}

function peerColumns(name: string): string[] {
    const operation = comparable[name];
    if (!operation) return ['', '', ''];
    const { gas, tx }: PeerCost = peer.ops[operation];
    return [gas.toLocaleString('en'), String(tx), operation];
}
