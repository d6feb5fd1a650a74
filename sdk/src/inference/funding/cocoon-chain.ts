import { Address } from '@ton/core';
import { Vault, type VaultAllocation } from 'cocoon-wrappers';
import { getTerms } from '../../actions/network/get-terms';
import { assertNotPaused } from '../../actions/network/is-paused';
import type { TxParams } from '../../actions/tx-params';
import { createAllocateBody } from '../../actions/vaults/allocate';
import { finishRelease } from '../../actions/vaults/finish-release';
import { getAllocations } from '../../actions/vaults/get-allocations';
import { getVault } from '../../actions/vaults/get-vault';
import { createIncreaseAllocationBody } from '../../actions/vaults/increase-allocation';
import { getOpenVaultTxParams } from '../../actions/vaults/open-vault';
import { requestRelease } from '../../actions/vaults/request-release';
import type { AllocationOrder } from '../../actions/vaults/target';
import { withdrawFromVault } from '../../actions/vaults/withdraw-from-vault';
import { sendTransactions } from '../../actions/write';
import type { CocoonClient } from '../../client/client';
import { messageFees, withMargin } from '../../fees';
import { bytesToHex, hexToBytes, toBuffer } from '../../utils';
import type { ChainAllocation, FundingChain, NewChainAllocation, VaultChange } from './chain';

/** Funding over the actions of the SDK. */
export function cocoonFundingChain(client: CocoonClient): FundingChain {
    return {
        canSend: client.canSend,
        time: () => client.getTime(),
        assertNotPaused: () => assertNotPaused(client),
        async newVault(nonce, openBefore) {
            const { hash: termsHash } = await getTerms(client);
            const from = client.sender.address;
            const identity = { registry: client.registry, termsHash, client: from, nonce, openBefore };
            return { vault: Vault.fromIdentity(identity).address.toRawString(), identity };
        },
        async getVault(address) {
            const vault = Address.parse(address);
            const [info, allocations] = await Promise.all([
                getVault(client, { vault }),
                getAllocations(client, { vault }),
            ]);
            if (info === null) return undefined;
            const bySlot = [...allocations].map(([slot, found]) => [slot, chainAllocation(found)] as const);
            return { free: info.free, releaseDelay: info.releaseDelay, allocations: new Map(bySlot) };
        },
        async open(identity, { deposit = 0n, allocations = [] }) {
            const { nonce, openBefore } = identity;
            const orders = allocations.map(allocationOrder);
            const tx = await getOpenVaultTxParams(client, {
                deposit,
                allocations: orders,
                nonce,
                openBefore,
            });
            const { to, value, body, init } = tx;
            await sendTransactions(client, [{ to, value, body, init }]);
        },
        async change(vault, change) {
            await sendTransactions(client, await changeMessages(client, Address.parse(vault), change));
        },
        async requestRelease(vault, slots) {
            await requestRelease(client, { vault: Address.parse(vault), slots });
        },
        async finishRelease(vault, slots) {
            await finishRelease(client, { vault: Address.parse(vault), slots });
        },
        async withdraw(address) {
            const vault = Address.parse(address);
            const info = await getVault(client, { vault });
            if (info === null || info.free <= 0n) return 0n;
            await withdrawFromVault(client, { vault });
            return info.free;
        },
    };
}

/** Messages of one change, executed in this order; the first brings the deposit. */
async function changeMessages(
    client: CocoonClient,
    vault: Address,
    change: VaultChange,
): Promise<TxParams[]> {
    const { deposit = 0n, allocations = [], increases = [] } = change;
    const prices = await client.getPrices();
    const messages: TxParams[] = [];
    if (allocations.length > 0) {
        const count = allocations.length;
        const storage = messageFees.vaultStorage(prices, count) - messageFees.vaultStorage(prices, 0);
        const value = storage + withMargin(messageFees.allocate(prices, count));
        messages.push({
            to: vault,
            value,
            body: createAllocateBody({ allocations: allocations.map(allocationOrder) }),
        });
    }
    for (const increase of increases) {
        const value = withMargin(messageFees.increaseAllocation(prices));
        messages.push({ to: vault, value, body: createIncreaseAllocationBody(increase) });
    }
    return messages.map((message, i) => (i === 0 ? { ...message, value: message.value + deposit } : message));
}

function allocationOrder({ slot, node, payee, voucherKey, amount }: NewChainAllocation): AllocationOrder {
    return {
        slot,
        node: basechain(node),
        payee: basechain(payee),
        voucherKey: hexToBytes(voucherKey),
        amount,
    };
}

function chainAllocation(found: VaultAllocation): ChainAllocation {
    return {
        ...found,
        node: found.node.hash.toString('hex'),
        payee: found.payee.hash.toString('hex'),
        voucherKey: bytesToHex(found.voucherKey),
    };
}

function basechain(account: string): Address {
    return new Address(0, toBuffer(hexToBytes(account)));
}
