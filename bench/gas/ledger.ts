import type { Cost } from './measure';

export type Ledger = Record<string, Cost>;

/** One line for everything that is not as committed, to the unit. */
export function differences(committed: Ledger, measured: Ledger): string[] {
    const names = new Set([...Object.keys(committed), ...Object.keys(measured)]);
    return [...names].flatMap((name) => difference(name, committed[name], measured[name]));
}

function difference(name: string, before?: Cost, after?: Cost): string[] {
    if (!before) return [`${name}: not in the ledger`];
    if (!after) return [`${name}: in the ledger, but not measured`];
    return (['gas', 'tx', 'feeNano'] as const)
        .filter((unit) => before[unit] !== after[unit])
        .map((unit) => `${name}: ${unit} ${before[unit]} -> ${after[unit]}`);
}

/** What the project promises; an empty list when it is kept. */
export function broken(measured: Ledger): string[] {
    const job = costIn(measured, 'whole job, direct');
    const registration = costIn(measured, 'register node');
    const crowded = ['register node, 1,000 nodes', 'register node, 100,000 nodes'];
    return [
        ...(job.gas > 80_000 ? [`a whole direct job costs ${job.gas} gas, more than 80,000`] : []),
        ...(job.tx > 15 ? [`a whole direct job takes ${job.tx} transactions, more than 15`] : []),
        ...(registration.gas > 20_000 ? [`a registration costs ${registration.gas} gas, over 20,000`] : []),
        ...crowded
            .filter((name) => costIn(measured, name).gas !== registration.gas)
            .map((name) => `${name}: ${costIn(measured, name).gas} gas, with one node ${registration.gas}`),
        ...overLimits(measured),
    ];
}

/** Most gas and transactions of whole traces, without the sender's wallet. */
const limits: Record<string, Pick<Cost, 'gas'> & Partial<Cost>> = {
    'whole session': { gas: 35_000, tx: 9 },
    'redeem, 1 allocation': { gas: 7_000 },
    'redeem, 128 allocations': { gas: 11_000 },
    'dispute, 5 jurors, open to resolve': { gas: 400_000, tx: 53 },
};

function overLimits(measured: Ledger): string[] {
    return Object.entries(limits).flatMap(([name, limit]) => {
        const { gas, tx } = costIn(measured, name);
        return [
            ...(gas > limit.gas ? [`${name}: ${gas} gas, more than ${limit.gas}`] : []),
            ...(limit.tx && tx > limit.tx ? [`${name}: ${tx} transactions, more than ${limit.tx}`] : []),
        ];
    });
}

function costIn(measured: Ledger, name: string): Cost {
    const cost = measured[name];
    if (!cost) throw new Error(`'${name}' was not measured.`);
    return cost;
}
