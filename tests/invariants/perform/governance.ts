import { beginCell, type Cell, toNano } from '@ton/core';
import { cellHash, encodeProposal, encodeRelease, registryBodies } from 'cocoon-wrappers';
import { DAY } from '../../helpers/terms';
import type { Action } from '../actions';
import { nativeKey } from '../keys';
import { governor, guardian, hotOf, registrationBody, STAKE, wallet } from '../network';
import type { ProposalNote, ReleaseNote } from '../notes';
import type { World } from '../world';
import { type Draft, keeper } from './draft';

/** `migrate`: leaves the data as they are, or throws 42. */
const migrators: Record<ReleaseNote['migration'], Cell | null> = {
    none: null,
    works: beginCell().storeUint(0x30, 8).endCell(),
    fails: beginCell().storeUint(0xf22a, 16).endCell(),
};

/** Registrations, pauses, and changes of the network. */
export function toRegistry(world: World, { kind, detail, flaw }: Action): Draft | undefined {
    const to = world.network.registry;
    const registry = world.registryModel;
    switch (kind) {
        case 'register': {
            if (registry.nodeCount > 9) return undefined;
            const hot = hotOf(100 + detail);
            const value = flaw === 'content' ? toNano('90') : STAKE;
            const operatorKey = nativeKey(`operator key of ${detail}`).id;
            const { termsHash, release } = registry;
            const body = registrationBody(termsHash, release.hash, hot, operatorKey);
            const note = { kind, ...hot, operatorKey, termsHash, releaseHash: release.hash };
            return { from: wallet(`owner of ${detail}`), to, body, value, note };
        }
        case 'pause': {
            const duration = flaw === 'content' ? 8 * DAY : 1 + (detail % (7 * DAY));
            return { from: guardian, to, body: registryBodies.pause({ duration }), note: { kind, duration } };
        }
        case 'unpause': {
            const from = detail & 1 ? guardian : governor;
            return { from, to, body: registryBodies.unpause(), note: { kind } };
        }
        case 'propose': {
            const proposal = drawProposal(world, detail);
            if (!proposal) return undefined;
            const body = registryBodies.propose({ proposal: proposal.cell });
            return { from: governor, to, body, note: { kind, proposal } };
        }
        case 'execute': {
            const [id, pending] =
                [...registry.proposals][detail % Math.max(1, registry.proposals.size)] ?? [];
            if (id === undefined || !pending) return undefined;
            const { proposal } = pending;
            const body = registryBodies.execute({ id, proposal: proposal.cell });
            return { from: keeper, to, body, note: { kind, id, proposal } };
        }
        case 'cancelProposal': {
            const id = detail % Math.max(1, registry.nextProposal);
            return { from: governor, to, body: registryBodies.cancel({ id }), note: { kind, id } };
        }
    }
    return undefined;
}

/** New terms, a new release with or without a migrator, or both. */
function drawProposal({ network, registryModel }: World, detail: number): ProposalNote | undefined {
    const choices = [...network.allTerms].filter(([, { terms }]) => {
        return terms.minNodeVersion <= registryModel.release.version;
    });
    const [termsHash, found] = choices[detail % choices.length] ?? [];
    const withTerms = detail % 3 !== 0;
    const migration = (['none', 'works', 'fails'] as const)[detail % 5 > 2 ? 0 : detail % 5] ?? 'none';
    const version = registryModel.release.version + (detail % 11 === 0 ? 2 : 1);
    const cell = encodeRelease({ version, code: network.nodeCode, migrator: migrators[migration] });
    const release = detail % 3 === 1 ? undefined : { hash: cellHash(cell), version, migration };
    if (!found || termsHash === undefined) return undefined;
    return {
        cell: encodeProposal({
            terms: withTerms ? found.cell : undefined,
            release: release ? cell : undefined,
        }),
        terms: withTerms ? termsHash : undefined,
        release,
    };
}
