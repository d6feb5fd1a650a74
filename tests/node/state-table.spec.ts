import { type Address, beginCell, type Cell } from '@ton/core';
import { internal, type SmartContractSnapshot } from '@ton/sandbox';
import { nodeBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import {
    type Accusation,
    accusation,
    accuse,
    giveKey,
    keyFrom,
    settleAccusation,
    settleSeat,
    someDispute,
    someSubject,
} from '../helpers/accusation';
import { advance, now } from '../helpers/blockchain';
import { bidOn, claimJob, draftJob, type PostedJob, postJob } from '../helpers/job';
import { contractBodies, offer, otherTerms, receive, TON, takeLocks } from '../helpers/node';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { beforeAndAfter, readStateTables, refusal } from '../helpers/state-table';
import { DAY, DISPUTES } from '../helpers/terms';
import { AMPLE, send } from '../helpers/trace';

const STATES = ['serving', 'locked', 'exiting', 'full', 'in court', 'busy'] as const;
const BOND = DISPUTES.jurorBond;
const SEAT_OPEN_BEFORE = 1_900_000_000;

let scene: Scene;
let posted: PostedJob;
let accusing: Accusation;
const moments = new Map<string, { account: SmartContractSnapshot; time: number; data: string }>();

beforeAll(async () => {
    scene = await createScene({ value: 1_000n * TON });
    const { blockchain, protocol } = scene;
    const by = operatorOf(scene);
    const { node, owner } = by;
    await giveKey(by, keyFrom(1));
    advance(blockchain, 1);
    accusing = accusation(scene);
    const remember = async (state: (typeof STATES)[number]) => {
        const account = (await blockchain.getContract(node.address)).snapshot();
        const moment = { account, data: await fingerprint() };
        moments.set(`${state} before`, { ...moment, time: now(blockchain) });
        moments.set(`${state} after`, { ...moment, time: now(blockchain) + 60 * DAY });
    };
    await remember('serving');
    const serving = blockchain.snapshot();
    posted = await postJob(scene);
    await claimJob(posted, by);
    await remember('locked');
    const locked = blockchain.snapshot();
    const { stake } = await node.getNode();
    await send(owner, node.address, nodeBodies.unbond({ amount: stake - posted.spec.collateral }));
    await remember('exiting');
    await blockchain.loadFrom(locked);
    await takeLocks(scene, by, 63);
    await fillSlots(0);
    await send(owner, node.address, nodeBodies.setJurorStake({ amount: 8n * BOND }));
    const contract = await blockchain.getContract(node.address);
    for (let i = 0; i < 8; i++) {
        await send(owner, node.address, nodeBodies.unbond({ amount: 1n }));
        if (i < 3) await send(owner, node.address, rotation(i + 1));
        await receive(contract, by.operator.address, seat(i + 2), { at: now(blockchain) });
        if (i < 3) {
            const terms = otherTerms(scene, { marketShards: 10 + i });
            await receive(contract, owner.address, nodeBodies.adoptTerms({ terms }));
            await receive(contract, protocol.registry.address, contractBodies.termsConfirmed(terms));
        }
        advance(blockchain, 1);
    }
    expect(await node.getCourt()).toMatchObject({ accusations: { length: 16 }, seats: { length: 8 } });
    await remember('full');
    await blockchain.loadFrom(serving);
    await accuse(scene, accusing);
    await send(owner, node.address, nodeBodies.setJurorStake({ amount: 8n * BOND }));
    await receive(await blockchain.getContract(node.address), by.operator.address, seat(1), {
        at: now(blockchain),
    });
    expect(await node.getCourt()).toMatchObject({ accusations: { length: 1 }, seats: { length: 1 } });
    await remember('in court');
    await fillSlots(1);
    expect((await node.getCourt()).busyUntil).toBeGreaterThan(now(blockchain));
    await remember('busy');
});

/** Accusations of others, two each, until all slots are taken; with one that was taken before, the last finds none. */
async function fillSlots(taken: number): Promise<void> {
    for (let i = 0; i < 16; i++) {
        const accuser = await scene.blockchain.treasury(`accuser-${i >> 1}`);
        await accuse(scene, accusation(scene, { accuser, sequence: BigInt(i) }));
    }
    expect((await operatorOf(scene).node.getCourt()).busyUntil > 0).toBe(taken > 0);
}

function seat(n: number): Cell {
    return nodeBodies.takeSeat({
        termsHash: scene.protocol.termsHash,
        subject: someSubject(n),
        openBefore: SEAT_OPEN_BEFORE,
        round: 1,
        offer: 0,
        commitment: 0xc0ffeen,
    });
}

/** Another key, the operator's address stays. */
function rotation(key: number): Cell {
    const { operator, encryptionKey } = operatorOf(scene);
    return nodeBodies.rotateKeys({ operator: operator.address, operatorKey: BigInt(key), encryptionKey });
}

const senders: Record<string, () => Address> = {
    owner: () => operatorOf(scene).owner.address,
    operator: () => operatorOf(scene).operator.address,
    registry: () => scene.protocol.registry.address,
    'lock holder': () => posted.job.address,
    'accusing dispute': () => accusing.dispute,
    'jury dispute': () => someDispute(scene, someSubject(1), SEAT_OPEN_BEFORE),
    stranger: () => scene.stranger.address,
};

const messages: Record<string, () => Cell> = {
    AddStake: () => nodeBodies.addStake({ amount: TON }),
    Unbond: () => nodeBodies.unbond({ amount: 1n }),
    WithdrawUnbonded: () => nodeBodies.withdrawUnbonded(),
    UpdateProfile: () => nodeBodies.updateProfile({ endpoint: 'https://new', offers: [[1, offer()]] }),
    'UpdateProfile with payout': () => nodeBodies.updateProfile({ payout: scene.stranger.address }),
    RotateKeys: () => rotation(9),
    TransferOwnership: () => nodeBodies.transferOwnership({ newOwner: scene.stranger.address }),
    AcceptOwnership: () => nodeBodies.acceptOwnership(),
    AdoptTerms: () => nodeBodies.adoptTerms({ terms: otherTerms(scene, { marketShards: 99 }) }),
    TermsConfirmed: () => contractBodies.termsConfirmed(otherTerms(scene, { marketShards: 99 })),
    DropTerms: () => nodeBodies.dropTerms({ termsHash: scene.protocol.termsHash }),
    RequestUpgrade: () => nodeBodies.requestUpgrade({ releaseHash: 1n }),
    ReleaseConfirmed: () => contractBodies.releaseConfirmed(scene.protocol.releaseCell),
    Claim: () => {
        const other = draftJob(scene, { nonce: 99n, spec: { collateral: 1n } });
        return nodeBodies.claim({ job: other.identity, bid: bidOn(other) });
    },
    Decline: () => nodeBodies.decline({ job: posted.job.address, claim: 1 }),
    ReleaseAllocation: () =>
        nodeBodies.releaseAllocation({ vault: scene.client.address, slot: 0, generation: 1n }),
    SettleLock: () => contractBodies.settleLock({ claimSeq: 0n, outcome: 1, client: scene.client.address }),
    ReleaseExpiredLock: () => nodeBodies.releaseExpiredLock({ holder: posted.job.address }),
    Accuse: () => accusing.body,
    FreezeLock: () => contractBodies.freezeLock({ claimSeq: 0n, dispute: accusing.dispute }),
    SettleAccusation: () => settleAccusation(true),
    SettleDisputedLock: () =>
        contractBodies.settleDisputedLock({ claimSeq: 0n, slash: 2n, client: scene.client.address }),
    SetJurorStake: () => nodeBodies.setJurorStake({ amount: 8n * BOND + 1n }),
    TakeSeat: () => seat(99),
    SettleSeat: () => settleSeat(1n, 2n, scene.client.address),
    ReleaseExpiredCourt: () => nodeBodies.releaseExpiredCourt({ dispute: accusing.dispute }),
    'anything else': () => beginCell().storeUint(0x0c0c0201, 32).storeUint(0, 64).endCell(),
};

async function fingerprint(): Promise<string> {
    const { accountState } = await scene.blockchain.getContract(operatorOf(scene).node.address);
    return accountState?.type === 'active' ? `${accountState.state.data?.hash().toString('hex')}` : 'gone';
}

async function outcome(message: string, sender: string, when: string): Promise<string> {
    const { account, time, data } = moments.get(when)!;
    const contract = await scene.blockchain.getContract(operatorOf(scene).node.address);
    contract.loadFrom(account);
    const from = senders[sender]!();
    const transaction = await contract.receiveMessage(
        internal({ from, to: contract.address, value: AMPLE, body: messages[message]!() }),
        { now: time },
    );
    const refused = refusal(transaction);
    if (refused === undefined && (await fingerprint()) !== data) {
        const answers = transaction.outMessages.values().map(({ body }) => body.beginParse());
        const busy = answers.some((answer) => answer.preloadUint(32) === opcodes.Busy);
        return busy ? 'Busy' : 'done';
    }
    expect(await fingerprint()).toBe(data); // what is refused changes nothing
    if (refused !== undefined) return refused;
    const opcode = messages[message]!().beginParse().loadUint(32);
    return PASSED_ON.includes(opcode) ? 'passed on' : 'ignored';
}

const PASSED_ON = [opcodes.Decline, opcodes.ReleaseAllocation, opcodes.FreezeLock] as number[];
const documented = readStateTables('node-states.md');

it('documents every message', () => {
    expect([...documented.keys()]).toEqual(Object.keys(messages));
});

it.each(Object.keys(messages))(
    '%s does in every state, from everyone, what the document says',
    async (message) => {
        const rows = new Map<string, string[]>();
        for (const sender of Object.keys(senders)) {
            const cells: string[] = [];
            for (const state of STATES) {
                const before = await outcome(message, sender, `${state} before`);
                cells.push(beforeAndAfter(before, await outcome(message, sender, `${state} after`)));
            }
            rows.set(sender, cells);
        }
        expect(documented.get(message)).toEqual(rows);
    },
);
