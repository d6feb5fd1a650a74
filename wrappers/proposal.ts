import { type Address, Cell, Dictionary } from '@ton/core';
import {
    loadProposal,
    loadProposalSettings,
    storeProposal,
    storeProposalSettings,
} from '../build/Registry/Registry_Registry';
import { cellOf } from './lib';
import { encodeModels, type NewModel, readModel } from './models';

/** A change of the network, applied as a whole or not at all; what is absent stays as it is. */
export interface ProposalParts {
    guardian?: Address;
    /** Seconds. */
    timelock?: number;
    terms?: Cell;
    release?: Cell;
    /** Catalogue entries to set, at most 32 changes in one proposal. */
    models?: ReadonlyMap<bigint, NewModel>;
    removedModels?: readonly bigint[];
    /** New code of the Registry itself, and the migrator of its data when the layout changes. */
    code?: Cell;
    migrator?: Cell;
}

/** A cell is passed through: what was proposed must be executed to the bit. */
export function encodeProposal(parts: ProposalParts | Cell): Cell {
    if (parts instanceof Cell) return parts;
    return cellOf(
        storeProposal({
            $$type: 'Proposal',
            guardian: parts.guardian ?? null,
            timelock: BigInt(parts.timelock ?? 0),
            terms: parts.terms ?? null,
            release: parts.release ?? null,
            settings: encodeSettings(parts),
        }),
    );
}

export function decodeProposal(cell: Cell): ProposalParts {
    const proposal = loadProposal(cell.beginParse());
    const settings = proposal.settings ? loadProposalSettings(proposal.settings.beginParse()) : null;
    return {
        guardian: proposal.guardian ?? undefined,
        timelock: Number(proposal.timelock) || undefined,
        terms: proposal.terms ?? undefined,
        release: proposal.release ?? undefined,
        models: settings
            ? new Map([...settings.models].map(([id, info]) => [id, readModel(info)]))
            : undefined,
        removedModels: settings ? settings.removedModels.keys() : undefined,
        code: settings?.code ?? undefined,
        migrator: settings?.migrator ?? undefined,
    };
}

function encodeSettings({ models, removedModels, code, migrator }: ProposalParts): Cell | null {
    if (!models && !removedModels && !code && !migrator) return null;
    const removed = Dictionary.empty<bigint, boolean>(Dictionary.Keys.BigUint(256), Dictionary.Values.Bool());
    for (const modelId of removedModels ?? []) removed.set(modelId, true);
    return cellOf(
        storeProposalSettings({
            $$type: 'ProposalSettings',
            models: encodeModels(models ?? new Map()),
            removedModels: removed,
            code: code ?? null,
            migrator: migrator ?? null,
        }),
    );
}
