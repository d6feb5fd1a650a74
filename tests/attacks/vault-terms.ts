import { type Cell, toNano } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';
import { cellHash, type NewAllocation, Vault, type VaultIdentity, vaultBodies } from 'cocoon-wrappers';
import type { Scene } from '../helpers/scene';
import { draftVault, type OpenedVault } from '../helpers/vault';

/** Opens a vault of the client's under any terms. */
export async function openUnder(
    scene: Scene,
    terms: Cell,
    allocations: readonly NewAllocation[],
    value = toNano('100'),
): Promise<{ opened: OpenedVault; result: SendMessageResult }> {
    const identity: VaultIdentity = { ...draftVault(scene).identity, termsHash: cellHash(terms) };
    const vault = scene.blockchain.openContract(Vault.fromIdentity(identity));
    const body = vaultBodies.open({ terms, allocations });
    const result = await vault.sendMessage(scene.client.getSender(), value, body);
    return { opened: { vault, identity }, result };
}
