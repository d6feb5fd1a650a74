import '@ton/test-utils';
import { createHash } from 'node:crypto';
import { Address, beginCell, Cell, toNano } from '@ton/core';
import { createShardAccount, type SandboxContract, type SendMessageResult } from '@ton/sandbox';
import {
    cellHash,
    Dispute,
    type DisputeData,
    type DisputeParams,
    encodeJobEvidence,
    encodeJobSubject,
    encodeSessionEvidence,
    encodeSessionSubject,
    Node,
} from 'cocoon-wrappers';
import { now } from '../blockchain';
import { hash, type Shown, shownItem } from '../disclosed';
import type { Scene } from '../scene';
import { DAY } from '../terms';
import { AMPLE, type Wallet } from '../trace';
import { jobFacts, sessionFacts } from './bodies';

/** The accused node's index, and that of the first juror. */
export const ACCUSED = 7;
export const FIRST_JUROR = 100;
export const STAKE = toNano('1000');
/** Longer than any juror has to wait. */
export const PATIENCE = 3_600;

export interface Juror {
    index: number;
    node: Address;
    owner: Address;
    operator: Wallet;
    salt: bigint;
}

/**
 * A dispute among puppets: accounts at the addresses of nodes and of the job that swallow everything, and in whose name a test
 * speaks.
 */
export interface Court {
    scene: Scene;
    kind: 'job' | 'session';
    params: DisputeParams;
    dispute: SandboxContract<Dispute>;
    openBefore: number;
    subject: Cell;
    evidence: Cell;
    /** Who is asked to freeze: the job, or the node. */
    target: Address;
    node: Address;
    owner: Wallet;
    operator: Wallet;
    payout: Wallet;
    jurors: Juror[];
    shown: Shown;
    facts: Cell;
    value: bigint;
    /** What puppets brought, from nowhere. */
    forged: bigint;
    /** Of all that `succeeds` saw. */
    results: SendMessageResult[];
}

export interface CourtOptions {
    kind?: 'job' | 'session';
    openBefore?: number;
    jurors?: number;
    claim?: number;
    shown?: Shown;
    /** Brought by the opening. */
    value?: bigint;
}

/** Ready to be opened by the scene's client. */
export async function draftCourt(scene: Scene, options: CourtOptions = {}): Promise<Court> {
    const { kind = 'job', jurors = 5, claim = 1, openBefore = now(scene.blockchain) + DAY } = options;
    const { registry, termsHash, terms } = scene.protocol;
    const params = terms.kinds.disputes;
    if (!params) throw new Error('These terms have no disputes.');
    const wallet = (name: string) => scene.blockchain.treasury(name);
    const node = nodeAt(scene, ACCUSED);
    const job = named('job');
    const shown = options.shown ?? shownItem(3, 1);
    const accuser = scene.client.address;
    const subject =
        kind === 'job'
            ? encodeJobSubject({ accuser, job, claim })
            : encodeSessionSubject({
                  accuser,
                  node,
                  vault: named('vault'),
                  slot: 3,
                  generation: 2n,
                  sequence: 9n,
              });
    const court: Court = {
        scene,
        kind,
        params,
        openBefore,
        subject,
        evidence:
            kind === 'job'
                ? encodeJobEvidence(shown.resultRoot)
                : encodeSessionEvidence({
                      vaultNonce: 1n,
                      vaultOpenBefore: openBefore,
                      receipt: beginCell().storeUint(1, 8).endCell(),
                      signature: Buffer.alloc(64, 7),
                  }),
        dispute: scene.blockchain.openContract(
            Dispute.fromIdentity({
                registry: registry.address,
                termsHash,
                subject: cellHash(subject),
                openBefore,
            }),
        ),
        target: kind === 'job' ? job : node,
        node,
        owner: await wallet('accused-owner'),
        operator: await wallet('accused-operator'),
        payout: await wallet('accused-payout'),
        jurors: [],
        shown,
        facts: kind === 'job' ? jobFacts(shown) : sessionFacts(shown),
        value: options.value ?? AMPLE + toNano('5'),
        forged: 0n,
        results: [],
    };
    await puppet(scene, node);
    await puppet(scene, job);
    for (let k = 0; k < jurors; k++) court.jurors.push(await juror(court, FIRST_JUROR + k));
    return court;
}

export async function juror(court: Court, index: number): Promise<Juror> {
    const node = nodeAt(court.scene, index);
    await puppet(court.scene, node);
    return {
        index,
        node,
        owner: named(`juror-owner-${index}`),
        operator: await court.scene.blockchain.treasury(`juror-operator-${index}`),
        salt: hash(Buffer.from(`salt ${index}`)),
    };
}

export async function stateOf({ dispute }: Court): Promise<DisputeData> {
    const state = await dispute.getDispute();
    if (!state) throw new Error('The dispute is not open.');
    return state;
}

export async function succeeds(court: Court, sent: Promise<SendMessageResult>): Promise<SendMessageResult> {
    const result = await sent;
    expect(result.transactions).toHaveTransaction({ to: court.dispute.address, success: true });
    court.results.push(result);
    return result;
}

export function nodeAt(scene: Scene, index: number): Address {
    return Node.fromIndex(scene.protocol.registry.address, index).address;
}

export function named(name: string): Address {
    return new Address(0, createHash('sha256').update(name).digest());
}

/** An account that takes whatever comes. */
export async function puppet({ blockchain }: Scene, address: Address): Promise<void> {
    const empty = { address, code: Cell.EMPTY, data: Cell.EMPTY, balance: toNano('1') };
    await blockchain.setShardAccount(address, createShardAccount(empty));
}
