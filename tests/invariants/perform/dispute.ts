import type { Cell } from '@ton/core';
import { commitmentHash, disputeBodies, nodeBodies } from 'cocoon-wrappers';
import type { Action, Kind } from '../actions';
import { ITEM_KEY, rootOf, session, treeOf } from '../exchange';
import type { DisputeModel } from '../models/dispute';
import type { NodeModel } from '../models/node';
import type { Note, Suit } from '../notes';
import type { World } from '../world';
import { type Draft, keeper } from './draft';
import { openingOf, openSuit } from './suit';

/** Messages about one dispute; several where several jurors do the same. */
export function onDispute(world: World, action: Action): Draft[] {
    const suit = world.suits[action.job % Math.max(1, world.suits.length)];
    if (!suit) {
        const draft = action.kind === 'court' ? openSuit(world, action) : undefined;
        return draft ? [draft] : [];
    }
    const dispute = world.dispute(suit);
    const kind = action.kind === 'court' ? next(world, dispute) : action.kind;
    switch (kind) {
        case 'open':
            return [openingOf(world, suit)];
        case 'show':
            return show(dispute, action);
        case 'sit':
            return sit(world, dispute, action);
        case 'reveal':
            return reveal(dispute, action);
        case undefined:
            return [];
        default:
            return [single(world, dispute, kind, action)];
    }
}

/** What the dispute needs next. */
function next(world: World, { phase, deadline, seats }: DisputeModel): Kind | undefined {
    const late = world.now > deadline;
    switch (phase) {
        case 'unopened':
            return 'open';
        case 'opening':
            return late ? 'resolve' : undefined;
        case 'busy':
            return late ? 'resolve' : 'retry';
        case 'disclosing':
            return late ? 'resolve' : 'show';
        case 'answering':
            return late ? 'resolve' : 'answer';
        case 'seating':
            return late ? 'resolve' : 'sit';
        case 'revealing':
            return late || seats.every(({ vote }) => vote !== undefined) ? 'resolve' : 'reveal';
        default:
            return 'destroyDispute';
    }
}

function single(world: World, { suit, case: known }: DisputeModel, kind: Kind, action: Action): Draft {
    const { detail, flaw } = action;
    const to = suit.address;
    const poker = detail & 1 ? keeper : suit.accuser;
    const to_ = (from: Draft['from'], body: Cell, note: Note): Draft => ({ from, to, body, note });
    switch (kind) {
        case 'retry': {
            const other = flaw === 'content' ? (world.suits[detail % world.suits.length] as Suit) : suit;
            const body = disputeBodies.retry({ evidence: other.evidence });
            return to_(keeper, body, { kind: 'retry', suit: other });
        }
        case 'answer': {
            const { leaf, path, top } = treeOf(known?.items ?? 1, 'result');
            const right = flaw !== 'content' && rootOf(known?.items ?? 1, top) === suit.root;
            const body = disputeBodies.answerItem({
                leaf: flaw === 'content' ? leaf + 1n : leaf,
                itemKey: ITEM_KEY,
                path,
            });
            return to_(known?.operator ?? keeper, body, { kind: 'answer', right });
        }
        case 'destroyDispute': {
            const init = detail & 2 ? world.network.disputeInit(suit.identity) : undefined;
            const draft = to_(poker, disputeBodies.destroy(), { kind: 'destroyDispute' });
            return { ...draft, init };
        }
        case 'releaseCourt': {
            const node = world.node(action.node % world.nodes.size);
            const body = nodeBodies.releaseExpiredCourt({ dispute: to });
            return { from: keeper, to: node.address, body, note: { kind: 'releaseCourt', dispute: to } };
        }
        default:
            return to_(poker, disputeBodies.resolve(), { kind: 'resolve' });
    }
}

/** One item of a job, or both halves of a session. */
function show({ suit, case: known }: DisputeModel, { detail, flaw }: Action): Draft[] {
    const to = suit.address;
    const from = suit.accuser;
    const wrong = flaw === 'content';
    if (suit.kind === 'session') {
        const { salt, task, words, otherWords } = session;
        const shown = wrong ? otherWords : words;
        const request = disputeBodies.discloseRequest({ salt, task, body: shown });
        const response = disputeBodies.discloseResponse({ salt, deltas: shown });
        return [
            { from, to, body: request, note: { kind: 'showHalf', half: 1, right: !wrong } },
            { from, to, body: response, note: { kind: 'showHalf', half: 2, right: !wrong } },
        ];
    }
    const items = known?.items ?? 1;
    const { leaf, path } = treeOf(items, 'input');
    const index = wrong && detail & 1 ? items : 0;
    const shown = { index, leaf: wrong && index === 0 ? leaf + 1n : leaf, itemKey: ITEM_KEY, path };
    const body = disputeBodies.discloseItem(shown);
    return [{ from, to, body, note: { kind: 'showItem', index, right: !wrong } }];
}

/** How a jury votes: for the client, for the node, or each as it likes. */
const styles: readonly ((detail: number, place: number) => number)[] = [
    () => 1,
    () => 0,
    (_, place) => (place === 0 ? 0 : 1),
    (_, place) => (place < 2 ? 1 : 0),
    (detail, place) => ((detail >> place) + place) % 3,
];

/** Some nodes, or one, ask for a seat with a sealed vote. */
function sit(world: World, dispute: DisputeModel, action: Action): Draft[] {
    const { detail, kind } = action;
    const nodes = [...world.nodes.values()];
    const first = action.node % nodes.length;
    const count = kind === 'sit' ? 1 : 4 + (detail % 6);
    const rotated = [...nodes.slice(first), ...nodes.slice(0, first)].slice(0, count);
    return rotated.map((node, place) => takeSeat(node, dispute, place, action));
}

function takeSeat(node: NodeModel, dispute: DisputeModel, place: number, { detail, flaw }: Action): Draft {
    const { suit } = dispute;
    const { identity, address } = suit;
    const style = styles[(detail >> 4) % styles.length];
    const round = Math.max(1, dispute.round + (flaw === 'content' && detail & 1 ? 1 : 0));
    // A copied commitment is another node's.
    const index = flaw === 'content' && !(detail & 1) ? node.index + 1 : node.index;
    const sealed = {
        dispute: address.toRawString(),
        round,
        index,
        vote: style?.(detail, place) ?? 2,
        salt: BigInt(detail) * 1_000n + BigInt(node.index),
    };
    const commitment = commitmentHash({ ...sealed, dispute: address });
    const { termsHash, subject, openBefore } = identity;
    const body = nodeBodies.takeSeat({ termsHash, subject, openBefore, round, offer: 0, commitment });
    const note: Note = { kind: 'takeSeat', suit, round, offer: 0, sealed };
    return { from: node.hot.operator, to: node.address, body, note };
}

/** Most jurors open their votes; some never do. */
function reveal({ seats, suit }: DisputeModel, { kind, detail, flaw }: Action): Draft[] {
    const sealed = seats.filter(({ vote }) => vote === undefined);
    const silent = detail % 4 === 0 ? 1 : detail % 4 === 1 ? 2 : 0;
    const open =
        kind === 'reveal' ? sealed.slice(0, 1) : sealed.slice(0, Math.max(1, sealed.length - silent));
    return open.map(({ index, operator, sealed: { vote, salt } }) => {
        const told = flaw === 'content' ? (vote + 1) % 4 : vote;
        const body = disputeBodies.reveal({ index, vote: told, salt });
        return {
            from: operator,
            to: suit.address,
            body,
            note: { kind: 'reveal', index, vote: told, salt },
        };
    });
}
