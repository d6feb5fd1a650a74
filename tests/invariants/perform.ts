import { type Address, beginCell, type Cell, toNano } from '@ton/core';
import {
    cellHash,
    encodeJobSpec,
    type JobSpec,
    jobBodies,
    nodeBodies,
    registryBodies,
} from 'cocoon-wrappers';
import { DAY, HOUR } from '../helpers/terms';
import type { Action } from './actions';
import { type Flight, fromWallet } from './chain';
import { AMPLE, JobModel, rootOf } from './job-model';
import { governor, guardian, hotOf, registrationBody, SERVED_MODEL, STAKE, wallet } from './network';
import type { NodeModel } from './node-model';
import type { BidNote, Note, Order } from './notes';
import type { World } from './world';

const SEALED = beginCell().storeUint(0x5ea1ed, 32).endCell();
const clients = [wallet('client 0'), wallet('client 1'), wallet('client 2')] as const;
const keeper = wallet('keeper');
const strangers = [wallet('stranger'), wallet('stranger of the masterchain', -1), keeper, governor] as const;
const TINY = 3_000_000n;

interface Draft {
    from: Address;
    to: Address;
    body: Cell;
    note: Note;
    value?: bigint;
    bounce?: boolean;
    init?: { code: Cell; data: Cell };
}

/** The message that an action sends in the world as it is; nothing when there is nothing to act on. */
export function perform(world: World, action: Action): Flight | undefined {
    const draft = draftOf(world, action);
    if (!draft) return undefined;
    const { flaw, who, detail } = action;
    if (who === 'anyone') draft.from = anyone(world, detail);
    if (flaw === 'value') draft.value = draft.note.kind === 'post' ? (draft.value ?? 0n) - AMPLE : TINY;
    return fromWallet({ value: AMPLE, ...draft });
}

function anyone(world: World, detail: number): Address {
    const node = world.node(detail % 4);
    return [...strangers, ...clients, node.owner, node.hot.operator][detail % 9] ?? keeper;
}

function draftOf(world: World, action: Action): Draft | undefined {
    switch (action.kind) {
        case 'post':
            return world.orders.length < 3 || action.flaw === 'content' ? post(world, action) : undefined;
        case 'register':
        case 'pause':
        case 'unpause':
            return toRegistry(world, action);
        case 'addStake':
        case 'unbond':
        case 'withdraw':
        case 'rotate':
        case 'payout':
            return ofOwner(world.node(action.node % world.nodes.size), action);
    }
    const order = world.orders[action.job % Math.max(1, world.orders.length)];
    if (!order) return action.kind === 'step' ? post(world, action) : undefined;
    const job = world.jobs.get(order.address.toRawString());
    return job && onJob(world, job, action);
}

function post(world: World, { job, detail, flaw }: Action): Draft {
    const again = flaw === 'content' ? world.orders[job % Math.max(1, world.orders.length)] : undefined;
    const order = again ?? newOrder(world, detail);
    const body = jobBodies.post({
        terms: world.network.termsCell,
        spec: encodeJobSpec(order.spec),
        input: SEALED,
        sealedKey: order.spec.direct === undefined ? undefined : SEALED,
    });
    const value = new JobModel(order).due(world.terms) + AMPLE;
    const { identity, address: to } = order;
    return {
        from: identity.client,
        to,
        body,
        value,
        note: { kind: 'post', order },
        init: world.network.jobInit(order),
    };
}

function newOrder(world: World, detail: number): Order {
    const spec: JobSpec = {
        modelId: detail & 1 ? SERVED_MODEL : 0xabcn,
        inputTop: 1n,
        resultKey: 2n,
        items: 1 + (detail % 7),
        direct: detail & 2 ? undefined : (detail >> 4) % 9 === 0 ? 7 : (detail >> 4) % 4,
        startPrice: BigInt(detail % 5) * toNano('0.7'),
        maxPrice: BigInt(detail % 5) * toNano('0.7') + BigInt(detail % 3) * toNano('1.3'),
        rampSeconds: detail & 4 ? 0 : 1_000,
        collateral:
            [0n, toNano('7'), toNano('150'), toNano('1001'), toNano('33')][(detail >> 3) % 7] ?? toNano('20'),
        claimWindow: HOUR,
        keyWindow: detail & 8 ? 600 : 60,
        executionWindow: detail & 16 ? 2 * HOUR : 59 + (detail % 12),
        reviewWindow: detail & 32 ? 3 * HOUR : 60,
        minStake: detail & 64 ? toNano('250') : 0n,
    };
    const identity = {
        registry: world.network.registry,
        termsHash: world.network.termsHash,
        client: clients[detail % 3] as Address,
        nonce: BigInt(world.orders.length),
        openBefore: world.now + ([HOUR, 30 * DAY, 30 * DAY + 1][(detail >> 8) % 9] ?? DAY),
    };
    const address = world.network.jobAddress(identity);
    const order = { identity, address, spec, specHash: cellHash(encodeJobSpec(spec)) };
    world.addOrder(order);
    return order;
}

function onJob(world: World, job: JobModel, action: Action): Draft | undefined {
    const { detail, flaw } = action;
    const wrong = flaw === 'content';
    const to = job.order.address;
    const claim = wrong ? (job.claims + 1) % 16 : job.claims;
    const poker = detail & 1 ? keeper : job.client;
    switch (action.kind === 'step' ? next(world, job) : action.kind) {
        case 'claim':
            return claimBy(world.node(action.node % world.nodes.size), world, job, wrong);
        case 'disclose': {
            const encryptionKey = (job.hot?.encryptionKey ?? 0n) + (detail % 2 && wrong ? 1n : 0n);
            const body = jobBodies.discloseKey({ claim, encryptionKey, sealedKey: SEALED });
            return { from: job.client, to, body, note: { kind: 'disclose', claim, encryptionKey } };
        }
        case 'submit': {
            const top = BigInt(detail);
            const usage = { promptTokens: 1, completionTokens: 2, result: SEALED, sealedKey: SEALED };
            const body = jobBodies.submitResult({ claim, resultTop: top, ...usage });
            return { from: job.hot?.operator ?? keeper, to, body, note: { kind: 'submit', claim, top } };
        }
        case 'accept': {
            const root = detail % 2 && wrong ? rootOf(9, 9n) : job.root;
            const body = jobBodies.acceptResult({ claim, resultRoot: root });
            return { from: job.client, to, body, note: { kind: 'accept', claim, root } };
        }
        case 'finalize':
            return { from: poker, to, body: jobBodies.finalize(), note: { kind: 'finalize' } };
        case 'expire':
            return { from: poker, to, body: jobBodies.expire(), note: { kind: 'expire' } };
        case 'cancel':
            return { from: job.client, to, body: jobBodies.cancel(), note: { kind: 'cancel' } };
        case 'announceAgain':
            return { from: poker, to, body: jobBodies.announceAgain(), note: { kind: 'announceAgain' } };
        case 'destroy':
            return { from: poker, to, body: jobBodies.destroy(), note: { kind: 'destroy' } };
        case 'decline': {
            const node = world.node(wrong ? action.node % world.nodes.size : job.node);
            const body = nodeBodies.decline({ job: to, claim });
            const from = detail & 1 ? node.owner : node.hot.operator;
            return { from, to: node.address, body, note: { kind: 'decline', job: to, claim } };
        }
        case 'releaseLock': {
            const body = nodeBodies.releaseExpiredLock({ holder: to });
            return {
                from: keeper,
                to: world.node(job.node).address,
                body,
                note: { kind: 'releaseLock', job: to },
            };
        }
        case 'predeploy':
        case 'drop': {
            const init = action.kind === 'drop' ? undefined : world.network.jobInit(job.order);
            const body = detail & 1 ? beginCell().endCell() : beginCell().storeUint(0xdead, 32).endCell();
            const bounce = (detail & 2) !== 0;
            return { from: keeper, to, body, bounce, value: AMPLE / 10n, note: { kind: 'nothing' }, init };
        }
    }
    return undefined;
}

function next(world: World, job: JobModel): Action['kind'] | undefined {
    switch (job.state) {
        case 'unopened':
            return 'predeploy';
        case 'open':
            return 'claim';
        case 'claimed':
            return world.now > job.deadline ? 'expire' : job.keyGiven ? 'submit' : 'disclose';
        case 'submitted':
            return world.now > job.deadline ? 'finalize' : 'accept';
        default:
            return 'destroy';
    }
}

function claimBy(node: NodeModel, world: World, job: JobModel, wrong: boolean): Draft {
    const { order, spec } = job;
    const bid: BidNote = {
        specHash: order.specHash,
        collateral: spec.collateral + (wrong ? 1n : 0n),
        minPrice: world.now % 3 === 0 ? spec.maxPrice : spec.startPrice,
    };
    const body = nodeBodies.claim({ job: order.identity, bid });
    return { from: node.hot.operator, to: node.address, body, note: { kind: 'claim', order, bid } };
}

function ofOwner(node: NodeModel, { kind, detail, flaw }: Action): Draft | undefined {
    const from = node.owner;
    const to = node.address;
    const share = [toNano('20'), toNano('90'), node.stake - node.locked, node.stake][detail % 4] as bigint;
    const amount = flaw === 'content' ? 0n : share;
    switch (kind) {
        case 'addStake':
            return {
                from: keeper,
                to,
                body: nodeBodies.addStake({ amount }),
                value: amount + AMPLE,
                note: { kind, amount },
            };
        case 'unbond':
            return { from, to, body: nodeBodies.unbond({ amount }), note: { kind, amount } };
        case 'withdraw':
            return { from, to, body: nodeBodies.withdrawUnbonded(), note: { kind } };
        case 'rotate': {
            const operator = wallet(`operator ${node.index} after ${detail}`);
            const encryptionKey = BigInt(detail + 1);
            const body = nodeBodies.rotateKeys({ operator, operatorKey: 1n, encryptionKey });
            return { from, to, body, note: { kind, operator, encryptionKey } };
        }
        case 'payout': {
            const payout = wallet(`payout ${node.index} after ${detail}`);
            return { from, to, body: nodeBodies.updateProfile({ payout }), note: { kind, payout } };
        }
    }
    return undefined;
}

function toRegistry(world: World, { kind, detail, flaw }: Action): Draft | undefined {
    const to = world.network.registry;
    switch (kind) {
        case 'register': {
            if (world.nodeCount > 5) return undefined;
            const hot = hotOf(100 + detail);
            const value = flaw === 'content' ? toNano('90') : STAKE;
            const body = registrationBody(world.network, hot);
            return { from: wallet(`owner of ${detail}`), to, body, value, note: { kind, ...hot } };
        }
        case 'pause': {
            const duration = flaw === 'content' ? 8 * DAY : 1 + (detail % (7 * DAY));
            return { from: guardian, to, body: registryBodies.pause({ duration }), note: { kind, duration } };
        }
        case 'unpause': {
            const from = detail & 1 ? guardian : governor;
            return { from, to, body: registryBodies.unpause(), note: { kind } };
        }
    }
    return undefined;
}
