import type { Deployment } from './deployment';
import { contractNames, type NetworkFile } from './network-file';
import { describeTerms } from './terms-report';
import { formatDuration, formatHash, formatTable, formatTon } from './units';

/** What a dry run shows: addresses, code, costs, parameters. `walletFees` in nanoTON. */
export function describeDeployment(network: NetworkFile, plan: Deployment, walletFees: bigint): string {
    return [
        `Network ${network.name} (id ${network.networkId}), from ${network.file}`,
        '',
        'Addresses',
        formatTable([
            ['Registry', plan.registry.address.toString(), '(new)'],
            ['governor', plan.governor.toString()],
            ['guardian', plan.guardian.toString()],
            ['treasury', plan.treasury.toString()],
        ]),
        '',
        'Code as built',
        formatTable(contractNames.map((name) => codeRow(name, plan))),
        '',
        'Costs',
        formatTable([
            ['value sent', formatTon(plan.message.value), 'what is not used returns'],
            ['storage reserve', formatTon(plan.storage), 'stays in the Registry, five years of rent'],
            ['fees', formatTon(plan.fee), "at most; the Registry's transaction and its answer"],
            ["wallet's fees", formatTon(walletFees), 'estimated; on top of the value'],
        ]),
        '',
        `Terms ${formatHash(plan.termsHash)}`,
        formatTable([...describeTerms(plan.terms), ['timelock', formatDuration(network.timelock)]]),
        `Node release 1 ${formatHash(plan.releaseHash)}`,
        ...[...network.models].map(([id, { name }]) => `Model ${name} ${formatHash(id)}`),
        '',
    ].join('\n');
}

function codeRow(name: (typeof contractNames)[number], { codes }: Deployment): string[] {
    const { hash, depth } = codes.get(name)!;
    return [name, formatHash(hash), `depth ${depth}`];
}
