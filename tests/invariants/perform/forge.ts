import { type Address, type Builder, beginCell, type Cell } from '@ton/core';
import { encodeRelease } from 'cocoon-wrappers';
import {
    storeAccused,
    storeAccusedParties,
    storeBusy,
    storeConvicted,
    storeFreeze,
    storeFreezeRefused,
    storeJobFacts,
    storeSettleAccusation,
    storeSettleSeat,
    storeVerdict,
} from '../../../build/Dispute/Dispute_Dispute';
import { storeReleaseConfirmed, storeTermsConfirmed } from '../../../build/Node/Node_Node';
import type { Action } from '../actions';
import { wallet } from '../network';
import type { Note } from '../notes';
import type { World } from '../world';
import type { Draft } from './draft';

const impostor = wallet('impostor');
const me = BigInt(`0x${impostor.hash.toString('hex')}`);
const cell = (store: (builder: Builder) => void): Cell => beginCell().store(store).endCell();

/** Contracts of an impostor's speak as Nodes, Jobs, Disputes and the Registry do. */
export function forge(world: World, { job, node, detail }: Action): Draft | undefined {
    const suit = world.suits[job % Math.max(1, world.suits.length)];
    const { address, index } = world.node(node % world.nodes.size);
    const from = impostor;
    const draft = (to: Address, body: Cell, note: Note): Draft => ({ from, to, body, note });
    const hardEnd = world.now + 1_000;
    switch (detail % 10) {
        case 0:
            return suit && draft(suit.address, accusedBody(index, hardEnd), accusedNote(index, hardEnd));
        case 1: {
            const busy = { $$type: 'Busy', queryId: 0n, busyUntil: BigInt(hardEnd) } as const;
            return suit && draft(suit.address, cell(storeBusy(busy)), { kind: 'busy', busyUntil: hardEnd });
        }
        case 2: {
            const convicted = { $$type: 'Convicted', queryId: 0n, amount: 1n } as const;
            return suit && draft(suit.address, cell(storeConvicted(convicted)), { kind: 'convicted' });
        }
        case 3: {
            const refused = cell(storeFreezeRefused({ $$type: 'FreezeRefused', queryId: 0n }));
            return suit && draft(suit.address, refused, { kind: 'freezeRefused' });
        }
        case 4:
            return draft(
                address,
                cell(
                    storeSettleAccusation({
                        $$type: 'SettleAccusation',
                        queryId: 0n,
                        convicted: true,
                        costs: 9n,
                    }),
                ),
                { kind: 'settleAccusation', convicted: true, costs: 9n },
            );
        case 5:
            return draft(
                address,
                cell(
                    storeSettleSeat({
                        $$type: 'SettleSeat',
                        queryId: 0n,
                        fee: 1_000_000n,
                        slash: 1_000_000_000n,
                        beneficiary: me,
                    }),
                ),
                { kind: 'settleSeat', fee: 1_000_000n, slash: 1_000_000_000n, beneficiary: impostor },
            );
        case 6:
            return freezing(world, draft, job);
        case 7: {
            const { termsHash } = world.registryModel;
            const found = world.network.allTerms.get(termsHash);
            if (!found) return undefined;
            const body = cell(
                storeTermsConfirmed({ $$type: 'TermsConfirmed', queryId: 0n, terms: found.cell }),
            );
            return draft(address, body, { kind: 'termsConfirmed', termsHash });
        }
        case 8: {
            const release = encodeRelease({ version: 99, code: world.network.nodeCode, migrator: null });
            const body = cell(storeReleaseConfirmed({ $$type: 'ReleaseConfirmed', queryId: 0n, release }));
            const note = { hash: 0n, version: 99, migration: 'none' } as const;
            return draft(address, body, { kind: 'releaseConfirmed', release: note });
        }
        default:
            return ruling(world, draft, job);
    }
}

type Drafting = (to: Address, body: Cell, note: Note) => Draft;

function freezing(world: World, draft: Drafting, at: number): Draft | undefined {
    const order = world.orders[at % Math.max(1, world.orders.length)];
    if (!order) return undefined;
    const { claims: claim, root } = world.job(order);
    const openBefore = world.now + 1_000;
    const freeze = { claim: BigInt(claim), resultRoot: root, accuser: me, openBefore: BigInt(openBefore) };
    const body = cell(storeFreeze({ $$type: 'Freeze', queryId: 0n, ...freeze }));
    return draft(order.address, body, { kind: 'freeze', claim, root, openBefore });
}

function ruling(world: World, draft: Drafting, at: number): Draft | undefined {
    const order = world.orders[at % Math.max(1, world.orders.length)];
    if (!order) return undefined;
    const { claims: claim } = world.job(order);
    const verdict = { outcome: 2n, claim: BigInt(claim), costs: 7n };
    const body = cell(storeVerdict({ $$type: 'Verdict', queryId: 0n, ...verdict }));
    return draft(order.address, body, { kind: 'verdict', outcome: 'client', claim, costs: 7n });
}

function accusedBody(index: number, hardEnd: number): Cell {
    const parties = cell(
        storeAccusedParties({ $$type: 'AccusedParties', owner: me, operator: me, payout: me }),
    );
    const facts = cell(
        storeJobFacts({ $$type: 'JobFacts', modelId: 1n, inputTop: 1n, resultRoot: 1n, items: 1n }),
    );
    return cell(
        storeAccused({
            $$type: 'Accused',
            queryId: 0n,
            index: BigInt(index),
            amount: 1n,
            hardEnd: BigInt(hardEnd),
            parties,
            facts,
        }),
    );
}

function accusedNote(index: number, hardEnd: number): Note {
    const parties = { owner: impostor, operator: impostor, payout: impostor };
    return { kind: 'accused', index, amount: 1n, hardEnd, modelId: 1n, items: 1, ...parties };
}
