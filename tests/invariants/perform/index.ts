import type { Action, Kind } from '../actions';
import { type Flight, fromWallet } from '../chain';
import { AMPLE } from '../models/surroundings';
import type { World } from '../world';
import { onDispute } from './dispute';
import { anyone, type Draft } from './draft';
import { forge } from './forge';
import { toRegistry } from './governance';
import { onJob, post } from './job';
import { ofOwner } from './node';
import { openSuit } from './suit';
import { onVault } from './vault';

const TINY = 2_000_000n;

const ofOwners: readonly Kind[] = [
    'addStake',
    'unbond',
    'withdraw',
    'rotate',
    'payout',
    'jurorStake',
    'transferOwnership',
    'acceptOwnership',
    'adopt',
    'dropTerms',
    'upgrade',
];
const ofRegistry: readonly Kind[] = ['register', 'pause', 'unpause', 'propose', 'execute', 'cancelProposal'];
const ofDisputes: readonly Kind[] = [
    'court',
    'open',
    'retry',
    'show',
    'answer',
    'sit',
    'reveal',
    'resolve',
    'destroyDispute',
    'releaseCourt',
];

/** The messages that an action sends in the world as it is; none when there is nothing to act on. */
export function perform(world: World, action: Action): Flight[] {
    const { flaw, who, detail } = action;
    return draftsOf(world, action).map((draft) => {
        if (who === 'anyone' && draft.note.kind !== 'vault') draft.from = anyone(world, detail);
        const opens = draft.note.kind === 'post' || draft.note.kind === 'open';
        if (flaw === 'value' && action.kind !== 'forge')
            draft.value = opens ? (draft.value ?? 0n) - AMPLE : TINY;
        return fromWallet({ value: AMPLE, ...draft });
    });
}

function draftsOf(world: World, action: Action): Draft[] {
    const { kind } = action;
    if (ofOwners.includes(kind))
        return some(ofOwner(world, world.node(action.node % world.nodes.size), action));
    if (ofRegistry.includes(kind)) return some(toRegistry(world, action));
    if (ofDisputes.includes(kind)) return onDispute(world, action);
    switch (kind) {
        case 'post':
            return world.orders.length < 3 || action.flaw === 'content' ? [post(world, action)] : [];
        case 'sue':
            return some(openSuit(world, action));
        case 'vault':
        case 'releaseAllocation':
            return some(onVault(world, action));
        case 'forge':
            return some(forge(world, action));
    }
    const order = world.orders[action.job % Math.max(1, world.orders.length)];
    if (!order) return kind === 'step' ? [post(world, action)] : [];
    return some(onJob(world, world.job(order), action));
}

function some(draft: Draft | undefined): Draft[] {
    return draft ? [draft] : [];
}
