import '@ton/test-utils';
import { createHash } from 'node:crypto';
import { type Address, toNano } from '@ton/core';
import { type KeyPair, keyPairFromSeed, sign } from '@ton/crypto';
import type { SandboxContract, SendMessageResult } from '@ton/sandbox';
import {
    MAX_PER_MESSAGE,
    type NewAllocation,
    type SignedVoucher,
    Vault,
    type VaultAllocation,
    type VaultIdentity,
    vaultBodies,
    voucherHash,
} from 'cocoon-wrappers';
import { advance, now } from './blockchain';
import { operatorOf, type Scene } from './scene';
import { DAY } from './terms';
import { send, type Wallet } from './trace';

export const DEPOSIT = toNano('100');

/** A deterministic key per name. */
export function keyOf(name: string): KeyPair {
    return keyPairFromSeed(createHash('sha256').update(name).digest());
}

export const VOUCHER_KEY = keyOf('voucher key');

export interface OpenedVault {
    vault: SandboxContract<Vault>;
    identity: VaultIdentity;
}

export interface VaultOptions {
    nonce?: bigint;
    openBefore?: number;
    client?: Address;
}

/** The vault that the client would open, not opened. */
export function draftVault(scene: Scene, options: VaultOptions = {}): OpenedVault {
    const identity: VaultIdentity = {
        registry: scene.protocol.registry.address,
        termsHash: scene.protocol.termsHash,
        client: options.client ?? scene.client.address,
        nonce: options.nonce ?? 1n,
        openBefore: options.openBefore ?? now(scene.blockchain) + DAY,
    };
    return { identity, vault: scene.blockchain.openContract(Vault.fromIdentity(identity)) };
}

/** An allocation of 10 TON in slot 0 to the scene's first node, paid to its payout wallet, unless told otherwise. */
export function allocation(scene: Scene, changes: Partial<NewAllocation> = {}): NewAllocation {
    const { node, payout } = operatorOf(scene);
    return {
        slot: 0,
        node: node.address,
        payee: payout.address,
        voucherKey: VOUCHER_KEY.publicKey,
        amount: toNano('10'),
        ...changes,
    };
}

export function sendOpen(
    scene: Scene,
    { vault }: OpenedVault,
    allocations: readonly NewAllocation[] = [],
    value = DEPOSIT,
    from = scene.client,
): Promise<SendMessageResult> {
    const body = vaultBodies.open({ queryId: 5n, terms: scene.protocol.termsCell, allocations });
    return vault.sendMessage(from.getSender(), value, body);
}

export async function openVault(
    scene: Scene,
    allocations: readonly NewAllocation[] = [],
    options: VaultOptions & { value?: bigint } = {},
): Promise<OpenedVault> {
    const opened = draftVault(scene, options);
    const result = await sendOpen(scene, opened, allocations, options.value);
    expect(result.transactions).toHaveTransaction({ to: opened.vault.address, success: true });
    return opened;
}

export interface VoucherChanges {
    slot?: number;
    generation?: bigint;
    networkId?: number;
    vault?: Address;
    key?: KeyPair;
}

/** A voucher for slot 0, generation 1, unless told otherwise. */
export function voucher(
    scene: Scene,
    { vault }: OpenedVault,
    cumulative: bigint,
    changes: VoucherChanges = {},
): SignedVoucher {
    const { slot = 0, generation = 1n, key = VOUCHER_KEY } = changes;
    const hash = voucherHash({
        networkId: changes.networkId ?? scene.protocol.terms.networkId,
        vault: changes.vault ?? vault.address,
        slot,
        generation,
        cumulative,
    });
    return { slot, generation, cumulative, signature: sign(hash, key.secretKey) };
}

export function sendRedeem(
    scene: Scene,
    opened: OpenedVault,
    cumulative: bigint,
    changes: VoucherChanges & { from?: Wallet; value?: bigint } = {},
): Promise<SendMessageResult> {
    const body = vaultBodies.redeem({ queryId: 6n, ...voucher(scene, opened, cumulative, changes) });
    return send(changes.from ?? scene.keeper, opened.vault.address, body, changes.value ?? REDEEM_VALUE);
}

/** Enough for any message of a vault but those of many allocations; the excess of a redemption goes to the payee. */
export const REDEEM_VALUE = toNano('0.1');

export async function allocationAt({ vault }: OpenedVault, slot = 0): Promise<VaultAllocation> {
    const found = await vault.getAllocation(slot);
    if (!found) throw new Error(`The vault has no allocation in slot ${slot}.`);
    return found;
}

/** Opens a vault with these slots allocated, the generations in their order. */
export async function filledVault(
    scene: Scene,
    slots: readonly number[],
    { nonce, ...changes }: Partial<NewAllocation> & { nonce?: bigint } = {},
): Promise<OpenedVault> {
    const opened = await openVault(scene, [], { nonce, value: toNano('10000') });
    for (let i = 0; i < slots.length; i += MAX_PER_MESSAGE) {
        await allocate(
            scene,
            opened,
            slots.slice(i, i + MAX_PER_MESSAGE).map((slot) => allocation(scene, { ...changes, slot })),
        );
    }
    return opened;
}

export async function allocate(
    scene: Scene,
    { vault }: OpenedVault,
    allocations: readonly NewAllocation[],
    value = toNano('1'),
): Promise<SendMessageResult> {
    const result = await send(scene.client, vault.address, vaultBodies.allocate({ allocations }), value);
    expect(result.transactions).toHaveTransaction({ to: vault.address, success: true });
    return result;
}

export const ALL_SLOTS = Array.from({ length: 128 }, (_, slot) => slot);

/** Requests the release of these slots, waits, finishes it. */
export async function finishRelease(
    scene: Scene,
    { vault }: OpenedVault,
    slots: readonly number[],
): Promise<SendMessageResult> {
    const requested = await send(scene.client, vault.address, vaultBodies.requestRelease({ slots }));
    expect(requested.transactions).toHaveTransaction({ to: vault.address, success: true });
    advance(scene.blockchain, scene.protocol.terms.kinds.releaseDelay);
    const finished = await send(scene.keeper, vault.address, vaultBodies.finishRelease({ slots }));
    expect(finished.transactions).toHaveTransaction({ to: vault.address, success: true });
    return finished;
}
