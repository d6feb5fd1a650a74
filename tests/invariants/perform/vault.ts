import { nodeBodies } from 'cocoon-wrappers';
import { randomActions } from '../../vault/invariants/actions';
import type { Sending } from '../../vault/invariants/judge';
import { perform } from '../../vault/invariants/perform';
import type { VaultWorld } from '../../vault/invariants/world';
import type { Action } from '../actions';
import { Random } from '../random';
import type { World } from '../world';
import type { Draft } from './draft';

/** Deposits, allocations, vouchers and releases; also a release that an operator has its Node ask for. */
export function onVault(world: World, { kind, job, detail }: Action): Draft | undefined {
    const vault = [...world.vaults.values()][job % 2] as VaultWorld;
    if (vault.model.gone) return undefined;
    if (kind === 'releaseAllocation') return throughNode(world, vault, job % 2, detail);
    const empty = vault.model.slots.size === 0;
    const [action] = randomActions(new Random(detail), 2).slice(empty ? 0 : 1);
    if (!action) return undefined;
    const { from, body, value, ...sending } = perform(vault, action);
    // A Node says nothing of itself.
    if (from.equals(vault.network.parties.node)) return undefined;
    const to = vault.network.vault;
    return {
        from,
        to,
        body,
        value,
        note: { kind: 'vault', vault, sending: { from, body, value, ...sending } },
    };
}

function throughNode(world: World, vault: VaultWorld, index: number, detail: number): Draft {
    const { owner, hot, address } = world.node(index);
    const slot = detail % 3;
    const generation = vault.model.slots.get(slot)?.generation ?? 1n;
    const body = nodeBodies.releaseAllocation({ vault: vault.network.vault, slot, generation });
    const sending: Sending = {
        kind: 'releaseNow',
        from: address,
        body,
        value: 0n,
        least: 0n,
        passes: () => vault.model.releaseNow(slot, generation, 0n, false),
    };
    const from = detail & 1 ? owner : hot.operator;
    return { from, to: address, body, note: { kind: 'releaseAllocation', vault, sending } };
}
