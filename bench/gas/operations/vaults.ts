import { toNano } from '@ton/core';
import { keyPairFromSeed, sign } from '@ton/crypto';
import type { SandboxContract, SendMessageResult } from '@ton/sandbox';
import {
    type NewAllocation,
    nodeBodies,
    type SignedVoucher,
    Vault,
    vaultBodies,
    voucherHash,
} from 'cocoon-wrappers';
import { type Cost, costOf, sumOf } from '../measure';
import { send, succeed, WINDOW, type World, wait } from '../world';
import type { Operation } from './operation';

const KEY = keyPairFromSeed(Buffer.alloc(32, 7));
const DEPOSIT = toNano('100');
/** Brought by messages whose excess goes to somebody else than the sender. */
const FEES = toNano('0.1');

interface Deposit {
    vault: SandboxContract<Vault>;
    /** Allocations to make at the opening and after it. */
    slots: number;
}

type Step = (world: World, deposit: Deposit) => Promise<SendMessageResult>;

/** Runs all steps on one vault and returns what those from `measured` on cost. */
function session(slots: number, steps: Step[], measured = steps.length - 1): Operation['run'] {
    return async (world) => {
        const deposit = draft(world, slots);
        const costs: Cost[] = [];
        for (const step of steps) costs.push(costOf(await succeed(step(world, deposit))));
        return sumOf(costs.slice(measured));
    };
}

function draft(world: World, slots: number): Deposit {
    const { registry, termsHash } = world.protocol;
    const identity = {
        registry: registry.address,
        termsHash,
        client: world.client.address,
        nonce: 1n,
        openBefore: (world.blockchain.now ?? 0) + WINDOW,
    };
    return { slots, vault: world.blockchain.openContract(Vault.fromIdentity(identity)) };
}

function allocations({ operator, node }: World, from: number, to: number): NewAllocation[] {
    return Array.from({ length: to - from }, (_, i) => ({
        slot: from + i,
        node: node.address,
        payee: operator.address,
        voucherKey: KEY.publicKey,
        amount: toNano('0.5'),
    }));
}

const open: Step = (world, { vault, slots }) => {
    const first = allocations(world, 0, Math.min(slots, 32));
    const body = vaultBodies.open({ terms: world.protocol.termsCell, allocations: first });
    return send(world.client, vault.address, body, DEPOSIT, vault.init);
};

/** The next 32 slots. */
const allocateFrom =
    (from: number, count = 32): Step =>
    (world, { vault }) => {
        const body = vaultBodies.allocate({ allocations: allocations(world, from, from + count) });
        return send(world.client, vault.address, body, FEES);
    };

/** Slots 0 to 127. */
const filled: Step[] = [open, allocateFrom(32), allocateFrom(64), allocateFrom(96)];

async function voucher({ protocol }: World, { vault, slots }: Deposit, ton: string): Promise<SignedVoucher> {
    const slot = slots - 1;
    const { generation = 0n } = (await vault.getAllocation(slot)) ?? {};
    const cumulative = toNano(ton);
    const { networkId } = protocol.terms;
    const hash = voucherHash({ networkId, vault: vault.address, slot, generation, cumulative });
    return { slot, generation, cumulative, signature: sign(hash, KEY.secretKey) };
}

const redeem: Step = async (world, deposit) => {
    const body = vaultBodies.redeem(await voucher(world, deposit, '0.3'));
    return send(world.keeper, deposit.vault.address, body, FEES);
};

/** By the payee, with a last voucher. */
const release: Step = async (world, deposit) => {
    const body = vaultBodies.releaseNow(await voucher(world, deposit, '0.4'));
    return send(world.operator, deposit.vault.address, body, FEES);
};

const releaseByNode: Step = async (world, deposit) => {
    const last = await voucher(world, deposit, '0.4');
    const body = nodeBodies.releaseAllocation({ vault: deposit.vault.address, ...last });
    return send(world.operator, world.node.address, body, FEES);
};

function byClient(body: ReturnType<typeof vaultBodies.topUp>, seconds = 0): Step {
    return (world, { vault }) => {
        wait(world, seconds);
        return send(world.client, vault.address, body, FEES);
    };
}

const withdraw = byClient(vaultBodies.withdraw());
const request = byClient(vaultBodies.requestRelease({ slots: [0] }));
const finish = byClient(vaultBodies.finishRelease({ slots: [0] }), 6 * WINDOW);
const increase = byClient(vaultBodies.increaseAllocation({ slot: 0, generation: 1n, amount: 1n }));

export const vaultOperations: Operation[] = [
    { name: 'whole session', run: session(1, [open, redeem, release, withdraw], 0) },
    { name: 'open vault, 1 allocation', run: session(1, [open]) },
    { name: 'open vault, 32 allocations', run: session(32, [open]) },
    { name: 'top up', run: session(1, [open, byClient(vaultBodies.topUp())]) },
    { name: 'allocate, 1', run: session(1, [open, allocateFrom(1, 1)]) },
    { name: 'allocate, 32 beside 96', run: session(32, filled) },
    { name: 'increase allocation', run: session(1, [open, increase]) },
    { name: 'redeem, 1 allocation', run: session(1, [open, redeem]) },
    { name: 'redeem, 128 allocations', run: session(128, [...filled, redeem]) },
    { name: 'release by payee', run: session(1, [open, release]) },
    { name: 'release by node', run: session(1, [open, releaseByNode]) },
    { name: 'request release', run: session(1, [open, request]) },
    { name: 'finish release', run: session(1, [open, request, finish]) },
    { name: 'withdraw', run: session(1, [open, withdraw]) },
    {
        name: 'destroy vault',
        run: session(1, [open, release, byClient(vaultBodies.destroy(), WINDOW)]),
    },
];
