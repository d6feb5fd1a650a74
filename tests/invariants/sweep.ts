import type { Address, Cell } from '@ton/core';
import { disputeBodies, jobBodies, nodeBodies } from 'cocoon-wrappers';
import { DAY } from '../helpers/terms';
import { type Flight, fromWallet } from './chain';
import type { NodeModel } from './models/node';
import { AMPLE } from './models/surroundings';
import { wallet } from './network';
import type { Note } from './notes';
import type { Air } from './run';
import { Violation } from './violation';
import type { World } from './world';

const passerBy = wallet('passer-by');
type Poke = (to: Address, body: Cell, note: Note, extra?: { init?: { code: Cell; data: Cell } }) => void;

/** With every client, operator, owner and juror silent for ever, passers-by bring each contract to its end. */
export async function expectEverythingEnds(world: World, air: Air, seed: number): Promise<void> {
    const poke: Poke = (to, body, note, extra = {}) =>
        air.send(fromWallet({ from: passerBy, to, value: AMPLE, body, note, ...extra }));
    if (seed % 2 === 0) await expectDisputesEnd(world, air, poke);
    await expectJobsEnd(world, air, poke);
    await expectDisputesEnd(world, air, poke);
    await expectNobodyIsHeld(world, air, poke);
    await expectNothingIsLeft(world, air, poke);
    for (const vault of world.vaults.values()) if (seed % 4 === 1) await vault.expectEverythingEnds();
    if (seed % 4 === 0) await expectStakeReturns(world, air); // the others would only repeat it
}

/** From wherever a dispute is, it ends within its longest time. */
async function expectDisputesEnd(world: World, air: Air, poke: Poke): Promise<void> {
    const all = [...world.network.allTerms.values()];
    const longest = Math.max(...all.map(({ terms }) => terms.stakeParams.longestDispute));
    const latest = world.now + longest + 1;
    for (;;) {
        const running = [...world.disputes.values()].filter(({ over }) => !over);
        if (running.length === 0) return;
        const due = Math.min(...running.map(({ deadline }) => deadline)) + 1;
        if (due > latest) throw new Violation('a dispute takes longer than it may');
        world.chain.now = Math.max(world.now, due);
        for (const { suit, deadline } of running) {
            if (deadline < world.now) poke(suit.address, disputeBodies.resolve(), { kind: 'resolve' });
        }
        await air.land();
    }
}

async function expectJobsEnd(world: World, air: Air, poke: Poke): Promise<void> {
    for (let round = 0; round < 2; round++) {
        const running = [...world.jobs.values()].filter(({ state, over }) => state !== 'unopened' && !over);
        if (running.length === 0) return;
        world.chain.now += 30 * DAY;
        for (const { state, order } of running) {
            const reviewed = state === 'submitted' || state === 'disputed';
            if (reviewed) poke(order.address, jobBodies.finalize(), { kind: 'finalize' });
            else poke(order.address, jobBodies.expire(), { kind: 'expire' });
        }
        await air.land();
    }
}

/** Locks, accusations and seats outlive their hard ends only until somebody says so. */
async function expectNobodyIsHeld(world: World, air: Air, poke: Poke): Promise<void> {
    const nodes = [...world.nodes.values()];
    const holds = ({ locks, court }: NodeModel) => locks.size + court.accusations.size + court.seats.size > 0;
    if (!nodes.some(holds)) return;
    world.chain.now += 60 * DAY;
    for (const { address: to, locks, court } of nodes) {
        for (const { address: job } of world.orders) {
            if (!locks.has(job.toRawString())) continue;
            poke(to, nodeBodies.releaseExpiredLock({ holder: job }), { kind: 'releaseLock', job });
        }
        for (const { suit } of world.disputes.values()) {
            const dispute = suit.address;
            const account = dispute.toRawString();
            if (!court.accusations.has(account) && !court.seats.has(account)) continue;
            poke(to, nodeBodies.releaseExpiredCourt({ dispute }), { kind: 'releaseCourt', dispute });
        }
    }
    await air.land();
    if (nodes.some(holds)) throw new Violation('a node is held beyond every hard end');
}

/** Jobs and disputes that are over leave no account behind. */
async function expectNothingIsLeft(world: World, air: Air, poke: Poke): Promise<void> {
    world.chain.now += 31 * DAY;
    const { network, chain } = world;
    const orders = world.orders.filter(({ address }) => chain.get(address));
    for (const order of orders) {
        poke(order.address, jobBodies.destroy(), { kind: 'destroy' }, { init: network.jobInit(order) });
    }
    const suits = [...world.disputes.values()].filter(({ suit }) => chain.get(suit.address));
    for (const { suit } of suits) {
        const init = network.disputeInit(suit.identity);
        poke(suit.address, disputeBodies.destroy(), { kind: 'destroyDispute' }, { init });
    }
    await air.land();
    if (orders.some(({ address }) => chain.get(address))) {
        throw new Violation('a job that is over is still there');
    }
    if (suits.some(({ suit }) => chain.get(suit.address))) {
        throw new Violation('a dispute that is over is still there');
    }
}

/** The owner of a node that worked gets all that was not slashed. */
async function expectStakeReturns(world: World, air: Air): Promise<void> {
    const worked = ({ seq, unbondings, slashed }: NodeModel) =>
        seq > 0n || unbondings.size > 0 || slashed > 0n;
    const node = [...world.nodes.values()].find(worked);
    if (!node) return;
    const send = async (body: Cell, note: Flight['note']) => {
        air.send(fromWallet({ from: node.owner, to: node.address, value: AMPLE, body, note }));
        await air.land();
    };
    world.chain.now += 17 * DAY;
    if (node.unbondings.size > 0) await send(nodeBodies.withdrawUnbonded(), { kind: 'withdraw' });
    await send(nodeBodies.setJurorStake({ amount: 0n }), { kind: 'jurorStake', amount: 0n });
    if (node.stake > 0n) {
        const amount = node.stake;
        await send(nodeBodies.unbond({ amount }), { kind: 'unbond', amount });
        world.chain.now += 17 * DAY;
        await send(nodeBodies.withdrawUnbonded(), { kind: 'withdraw' });
    }
    if (node.stake + node.unbonding > 0n) throw new Violation('stake does not return to its owner');
}
