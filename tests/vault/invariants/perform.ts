import { type SignedVoucher, vaultBodies, voucherHash } from 'cocoon-wrappers';
import { feesUnder, vaultStorage } from '../../gas/formulas';
import type { Action } from './actions';
import type { Sending } from './judge';
import type { VaultWorld } from './world';

const fees = feesUnder(1n);

/** The message that an action means, as things stand. */
export function perform(world: VaultWorld, action: Action): Sending {
    const { kind, value, slot } = action;
    const { model } = world;
    const { client, node, payee, stranger } = world.network.parties;
    const mine = !action.stranger;
    const from = mine ? client : stranger;
    const common = { kind, from, value };
    const generation = (model.slots.get(slot)?.generation ?? 1n) + BigInt(action.generation);
    const free = () => available(world);
    switch (kind) {
        case 'topUp':
            return {
                ...common,
                from: stranger,
                body: vaultBodies.topUp(),
                least: fees.topUp,
                passes: () => true,
            };
        case 'withdraw': {
            const amount = percent(action, free());
            const body = vaultBodies.withdraw({ amount });
            const passes = () => mine && model.withdraw(amount, freeAfter(world, value));
            return { ...common, body, least: fees.withdraw, passes };
        }
        case 'allocate': {
            const amount = percent(action, free()) / 3n;
            const { voucherKey } = world.network;
            const body = vaultBodies.allocate({ allocations: [{ slot, node, payee, voucherKey, amount }] });
            const least = fees.allocate(1);
            const passes = () => mine && model.allocate(slot, amount, freeAfter(world, least, 1));
            return { ...common, body, least, passes };
        }
        case 'increase': {
            const amount = percent(action, free()) / 2n;
            const body = vaultBodies.increaseAllocation({ slot, generation, amount });
            const least = fees.increase;
            const passes = () => mine && model.increase(slot, generation, amount, freeAfter(world, least));
            return { ...common, body, least, passes };
        }
        case 'requestRelease': {
            const body = vaultBodies.requestRelease({ slots: [slot] });
            const passes = () => mine && model.requestRelease(slot, world.network.chain.now);
            return { ...common, body, least: fees.requestRelease(1), passes };
        }
        case 'finishRelease': {
            const body = vaultBodies.finishRelease({ slots: [slot] });
            const passes = () => model.finishRelease(slot, world.network.chain.now);
            return { ...common, from: stranger, body, least: fees.finishRelease(1), passes };
        }
        case 'redeem': {
            const { used, genuine } = drawVoucher(world, action, generation);
            const passes = () => {
                const passed = model.redeem(used.slot, used.generation, used.cumulative, genuine);
                if (passed) world.redeemed.push(used);
                return passed;
            };
            return { ...common, from: stranger, body: vaultBodies.redeem(used), least: fees.redeem, passes };
        }
        case 'releaseNow': {
            const { used, genuine } = drawVoucher(world, action, generation);
            const right = action.slot % 2 === 0 ? payee : node;
            const passes = () =>
                mine && model.releaseNow(used.slot, used.generation, used.cumulative, genuine);
            const body = vaultBodies.releaseNow(used);
            return { ...common, from: mine ? right : stranger, body, least: fees.release, passes };
        }
        case 'destroy': {
            const passes = () => mine && model.destroy(world.network.chain.now);
            return { ...common, body: vaultBodies.destroy(), least: fees.destroyVault, passes };
        }
    }
}

function percent(action: Action, whole: bigint): bigint {
    return (whole * BigInt(action.percent)) / 100n;
}

/** One that was redeemed before, or a new one. */
function drawVoucher(
    { model, network, redeemed }: VaultWorld,
    action: Action,
    generation: bigint,
): { used: SignedVoucher; genuine: boolean } {
    const earlier = redeemed[action.replay];
    if (earlier) return { used: earlier, genuine: true };
    const { slot, forged } = action;
    const cumulative = percent(action, model.slots.get(slot)?.allocated ?? 100n);
    const { terms, vault } = network;
    const hash = voucherHash({ networkId: terms.networkId, vault, slot, generation, cumulative });
    const signature = network.sign(hash, forged);
    return { used: { slot, generation, cumulative, signature }, genuine: !forged };
}

/** About what is free before a message: enough to draw amounts around it. */
function available({ model, network }: VaultWorld): bigint {
    const balance = network.chain.get(network.vault)?.balance ?? 0n;
    const free = balance - vaultStorage(1n, model.slots.size) - model.reserved - model.feesOwed;
    return free > 0n ? free : 0n;
}

/** As the contract counts it while a message that costs `cost` is there. */
function freeAfter({ model }: VaultWorld, cost: bigint, more = 0): bigint {
    const reserve = vaultStorage(1n, model.slots.size + more);
    return model.balance - cost - reserve - model.reserved - model.feesOwed;
}
