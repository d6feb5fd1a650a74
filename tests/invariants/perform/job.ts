import { type Address, beginCell, toNano } from '@ton/core';
import { cellHash, encodeJobSpec, type JobSpec, jobBodies, nodeBodies } from 'cocoon-wrappers';
import { DAY, HOUR } from '../../helpers/terms';
import type { Action } from '../actions';
import { rootOf, treeOf } from '../exchange';
import { JobModel } from '../models/job';
import type { NodeModel } from '../models/node';
import { AMPLE } from '../models/surroundings';
import { clients, SERVED_MODEL } from '../network';
import type { BidNote, Order } from '../notes';
import type { World } from '../world';
import { type Draft, keeper, SEALED } from './draft';

/** A client's posting: a new one, or one that was posted before. */
export function post(world: World, { job, detail, flaw }: Action): Draft {
    const again = flaw === 'content' ? world.orders[job % Math.max(1, world.orders.length)] : undefined;
    const order = again ?? newOrder(world, detail);
    const body = jobBodies.post({
        terms: world.network.allTerms.get(order.identity.termsHash)?.cell ?? SEALED,
        spec: encodeJobSpec(order.spec),
        input: SEALED,
        sealedKey: order.spec.direct === undefined ? undefined : SEALED,
    });
    const value = new JobModel(order).due + AMPLE;
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
    const all = [...world.network.allTerms];
    const [termsHash, { terms }] = all[detail % 7 === 0 ? detail % all.length : 0] as (typeof all)[number];
    const items = 1 + (detail % 7);
    const spec: JobSpec = {
        modelId: detail & 1 ? SERVED_MODEL : 0xabcn,
        inputTop: treeOf(items, 'input').top,
        resultKey: 2n,
        items,
        direct: detail & 2 ? undefined : (detail >> 4) % 9 === 0 ? 7 : (detail >> 4) % 4,
        startPrice: BigInt(detail % 5) * toNano('0.7'),
        maxPrice: BigInt(detail % 5) * toNano('0.7') + BigInt(detail % 3) * toNano('1.3'),
        rampSeconds: detail & 4 ? 0 : 1_000,
        collateral:
            [0n, toNano('7'), toNano('95'), toNano('1001'), toNano('33')][(detail >> 3) % 9] ?? toNano('20'),
        claimWindow: HOUR,
        keyWindow: detail & 8 ? 600 : 60,
        executionWindow: detail & 16 ? 2 * HOUR : 59 + (detail % 12),
        reviewWindow: detail % 64 === 63 ? 4 * DAY : detail & 32 ? 3 * HOUR : 600,
        minStake: detail & 64 ? toNano('250') : 0n,
    };
    const identity = {
        registry: world.network.registry,
        termsHash,
        client: clients[detail % 3] as Address,
        nonce: BigInt(world.orders.length),
        openBefore: world.now + ([HOUR, 30 * DAY, 30 * DAY + 1][(detail >> 8) % 9] ?? DAY),
    };
    const address = world.network.jobAddress(identity);
    const order = { identity, terms, address, spec, specHash: cellHash(encodeJobSpec(spec)) };
    world.addOrder(order);
    return order;
}

/** A message about one job. */
export function onJob(world: World, job: JobModel, action: Action): Draft | undefined {
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
            const top = detail % 4 === 0 ? BigInt(detail) : treeOf(job.spec.items, 'result').top;
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
