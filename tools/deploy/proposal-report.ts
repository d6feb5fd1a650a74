import type { OpenedContract } from '@ton/core';
import { cellHash, decodeRelease, decodeTerms, type ProposalParts, type Registry } from 'cocoon-wrappers';
import type { Governance } from '../../build/Registry/Registry_Registry';
import { hashOf } from './message';
import { compareTerms } from './terms-report';
import { formatDuration, formatHash, formatTable, formatTime } from './units';

/** What a proposal would change, against what is on chain now. */
export async function describeChange(
    registry: OpenedContract<Registry>,
    parts: ProposalParts,
): Promise<string> {
    const network = await registry.getNetwork();
    const rows: string[][] = [['', 'now', 'proposed']];
    if (parts.guardian) rows.push(['guardian', network.guardian.toString(), parts.guardian.toString()]);
    if (parts.timelock) {
        rows.push(['timelock', formatDuration(network.timelock), formatDuration(parts.timelock)]);
    }
    if (parts.terms) {
        rows.push(['terms', formatHash(network.termsHash), formatHash(cellHash(parts.terms))]);
        rows.push(...compareTerms(await registry.getTerms(), decodeTerms(parts.terms)));
    }
    if (parts.release) {
        const next = decodeRelease(parts.release);
        rows.push(['Node release', String(network.releaseVersion), String(next.version)]);
        rows.push(['Node code', hashOf((await registry.getRelease()).code), hashOf(next.code)]);
        rows.push(['Node migrator', '', next.migrator ? hashOf(next.migrator) : 'none']);
    }
    rows.push(...(await modelRows(registry, parts)));
    if (parts.code) rows.push(['Registry code', '', hashOf(parts.code)]);
    if (parts.migrator) rows.push(['Registry migrator', '', hashOf(parts.migrator)]);
    return formatTable(rows);
}

async function modelRows(registry: OpenedContract<Registry>, parts: ProposalParts): Promise<string[][]> {
    if (!parts.models?.size && !parts.removedModels?.length) return [];
    const present = await registry.getModels();
    const now = (id: bigint) => {
        const model = present.get(id);
        return model ? `${model.name} ${model.manifestUri}` : 'absent';
    };
    const set = [...(parts.models ?? [])].map(([id, { name, manifestUri }]) => [
        `model ${formatHash(id)}`,
        now(id),
        `${name} ${manifestUri}`,
    ]);
    const removed = (parts.removedModels ?? []).map((id) => [`model ${formatHash(id)}`, now(id), 'removed']);
    return [...set, ...removed];
}

/** Pending proposals with the times from when they can be executed. */
export function describeProposals({ proposals, nextProposalId }: Governance): string {
    const ids = [...proposals.keys()].sort((a, b) => a - b);
    if (ids.length === 0) return `No proposal is pending; ${nextProposalId} so far.`;
    const rows = ids.map((id) => {
        const { hash, executableAt } = proposals.get(id)!;
        return [`Proposal ${id}`, formatHash(hash), `executable from ${formatTime(Number(executableAt))}`];
    });
    return formatTable(rows, '');
}
