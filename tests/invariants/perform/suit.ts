import { type Address, beginCell, type Cell, contractAddress, toNano } from '@ton/core';
import { cellHash, disputeBodies, encodeSessionEvidence, encodeSessionSubject } from 'cocoon-wrappers';
import { DAY } from '../../helpers/terms';
import type { VaultWorld } from '../../vault/invariants/world';
import type { Action } from '../actions';
import { session } from '../exchange';
import { type NativeKey, nativeKey } from '../keys';
import { AMPLE } from '../models/surroundings';
import { operatorKeyOf, SERVED_MODEL } from '../network';
import type { ReceiptNote, Suit } from '../notes';
import type { World } from '../world';
import type { Draft } from './draft';

const RECEIPT_TAG = 0x0c0c5201;

/** Accuses the claim of a job, or a session's answer. */
export function openSuit(world: World, action: Action): Draft | undefined {
    const suit = suitOverJob(world, action) ?? suitOverSession(world, action);
    world.addSuit(suit);
    return openingOf(world, suit);
}

export function openingOf(world: World, suit: Suit): Draft {
    const { identity, subject, evidence, address: to, accuser: from } = suit;
    const terms = world.network.allTerms.get(identity.termsHash)?.cell ?? subject;
    const body = disputeBodies.open({ terms, subject, evidence });
    const value = world.dispute(suit).due + AMPLE;
    const init = world.network.disputeInit(identity);
    return { from, to, body, value, init, note: { kind: 'open', suit } };
}

function suitOverJob(world: World, { detail, flaw }: Action): Suit | undefined {
    const submitted = world.orders
        .map((order) => world.job(order))
        .filter(({ state }) => state === 'submitted');
    const job = submitted[detail % Math.max(1, submitted.length)];
    if (!job) return undefined;
    const wrong = flaw === 'content' ? detail % 3 : -1;
    const { spec, terms, claims, deadline, root, order } = job;
    const openBefore = deadline - spec.reviewWindow + terms.stakeParams.evidenceWindow;
    return world.network.jobSuit(
        order,
        wrong === 0 ? claims + 1 : claims,
        wrong === 1 ? root + 1n : root,
        wrong === 2 ? openBefore + 1 : openBefore,
    );
}

function suitOverSession(world: World, action: Action): Suit {
    const { registry, allTerms, termsHash: first, vaults } = world.network;
    const { detail, flaw, job } = action;
    const wrong = flaw === 'content' ? detail % 6 : -1;
    const terms = [...allTerms];
    const [termsHash, { terms: under }] =
        (detail % 9 === 0 ? terms[detail % terms.length] : terms.find(([hash]) => hash === first)) ??
        terms[0]!;
    const vault = [...world.vaults.values()][job % 2] as VaultWorld;
    const { client: accuser } = vault.network.parties;
    const node = world.node(action.node % world.nodes.size);
    const sequence = BigInt(detail % 5);
    const issuedAt = world.now - ([0, 60, DAY, 2 * DAY, 4 * DAY][(detail >> 3) % 12] ?? 1_000);
    const price = [0n, 1_000_000n, toNano('0.05'), toNano('3')][(detail >> 5) % 7] ?? toNano('0.02');
    const place = { node: node.address, vault: vault.network.vault, slot: detail % 3, sequence };
    const request = { accuser, ...place, generation: 1n };
    const subject = encodeSessionSubject(wrong === 0 ? { ...request, sequence: sequence + 1n } : request);
    const keyName = node.index < 8 ? operatorKeyOf(node.index) : nativeKey('nobody');
    const key = wrong === 1 ? nativeKey('thief') : keyName;
    const receipt = receiptCell(under.networkId, place, price, issuedAt, 0n);
    const fits = wrong !== 0 && wrong !== 2 && termsHash === first;
    const note: ReceiptNote = { signedBy: key.id, issuedAt, price, fits };
    const conflicting =
        (detail >> 8) % 4 === 0 ? drawConflict(under.networkId, place, note, key, detail) : undefined;
    const evidence = encodeSessionEvidence({
        vaultNonce: wrong === 2 ? 2n : 1n,
        vaultOpenBefore: vaults[job % 2]?.openBefore ?? 0,
        receipt,
        signature: key.sign(receipt.hash()),
        conflicting,
    });
    const openBefore = issuedAt + under.stakeParams.evidenceWindow + (wrong === 3 ? 1 : 0);
    const identity = { registry, termsHash, subject: cellHash(subject), openBefore };
    return {
        kind: 'session',
        identity,
        terms: under,
        address: contractAddress(0, world.network.disputeInit(identity)),
        accuser,
        accused: node.address,
        subject,
        evidence,
        modelId: SERVED_MODEL,
        claim: 0,
        root: 0n,
        receipt: note,
    };
}

interface Place {
    node: Address;
    vault: Address;
    slot: number;
    sequence: bigint;
}

/** A second receipt; sometimes one that proves nothing. */
function drawConflict(networkId: number, place: Place, note: ReceiptNote, key: NativeKey, detail: number) {
    const same = detail % 5 === 0;
    const issuedAt = note.issuedAt + (detail % 7 === 0 ? -1 : detail % 2);
    const price = note.price * 2n;
    const by = detail % 11 === 0 ? nativeKey('thief') : key;
    const receipt = same
        ? receiptCell(networkId, place, note.price, note.issuedAt, 0n)
        : receiptCell(networkId, place, price, issuedAt, 1n);
    note.conflict = {
        signedBy: by.id,
        issuedAt: same ? note.issuedAt : issuedAt,
        price: same ? note.price : price,
        fits: !same,
    };
    return { receipt, signature: by.sign(receipt.hash()) };
}

function receiptCell(networkId: number, place: Place, price: bigint, issuedAt: number, seed: bigint): Cell {
    const content = beginCell()
        .storeUint(session.requestHash, 256)
        .storeUint(session.responseHash, 256)
        .storeUint(0, 3 * 32) // tokens
        .storeUint(price, 64)
        .storeUint(seed, 64)
        .storeUint(issuedAt, 32);
    return beginCell()
        .storeUint(RECEIPT_TAG, 32)
        .storeInt(networkId, 32)
        .storeBuffer(place.node.hash)
        .storeBuffer(place.vault.hash)
        .storeUint(place.slot, 8)
        .storeUint(1, 64) // generation
        .storeUint(place.sequence, 64)
        .storeUint(1, 32) // chunk
        .storeUint(SERVED_MODEL, 256)
        .storeRef(content.endCell())
        .endCell();
}
