import { toNano } from '@ton/core';
import type { SandboxContract, SendMessageResult } from '@ton/sandbox';
import {
    commitmentHash,
    courtBodies,
    Dispute,
    disputeBodies,
    encodeItemKey,
    encodeJobEvidence,
    encodeJobSubject,
    Node,
    subjectHash,
    VOTE,
} from 'cocoon-wrappers';
import { registration } from '../../../tests/helpers/protocol';
import { type Cost, costOf, sumOf } from '../measure';
import {
    claim,
    draft,
    type Posting,
    post,
    send,
    submit,
    succeed,
    type Wallet,
    type World,
    wait,
} from '../world';
import type { Operation } from './operation';

const ITEM_KEY = encodeItemKey(Buffer.alloc(44, 7));
const RESULT_LEAF = 0x7e5017n; // what `submit` commits to: the top of one item is its leaf

interface Juror {
    index: number;
    operator: Wallet;
    node: SandboxContract<Node>;
    salt: bigint;
}

interface Suit {
    posting: Posting;
    dispute: SandboxContract<Dispute>;
    subject: bigint;
    openBefore: number;
    jurors: Juror[];
}

type Costs = [message: string, cost: Cost][];

/** Nodes of their own owners with juror stake, older than any dispute. */
async function seatJurors(world: World): Promise<Juror[]> {
    const { blockchain, protocol } = world;
    const params = protocol.terms.kinds.disputes;
    if (!params) throw new Error('The terms have no disputes.');
    const jurors: Juror[] = [];
    for (let index = 1; index <= params.jurors; index++) {
        const owner = await blockchain.treasury(`juror-owner-${index}`);
        const operator = await blockchain.treasury(`juror-operator-${index}`);
        const body = registration(protocol, { owner, operator: operator.address });
        await succeed(send(owner, protocol.registry.address, body, toNano('500')));
        const node = blockchain.openContract(Node.fromIndex(protocol.registry.address, index));
        const stake = courtBodies.setJurorStake({ amount: toNano('300') });
        await succeed(send(owner, node.address, stake));
        jurors.push({ index, operator, node, salt: BigInt(index) });
    }
    wait(world, params.jurorAge + 1);
    return jurors;
}

/** A job whose result was submitted, and its Dispute, not opened. */
async function prepare(world: World): Promise<Suit> {
    const jurors = await seatJurors(world);
    const posting = draft(world, true);
    for (const step of [post, claim, submit]) await succeed(step(world, posting));
    const subject = encodeJobSubject({ accuser: world.client.address, job: posting.job.address, claim: 1 });
    const { registry, termsHash, terms } = world.protocol;
    const openBefore = (world.blockchain.now ?? 0) + terms.stakeParams.evidenceWindow;
    const identity = { registry: registry.address, termsHash, subject: subjectHash(subject), openBefore };
    return {
        posting,
        dispute: world.blockchain.openContract(Dispute.fromIdentity(identity)),
        subject: identity.subject,
        openBefore,
        jurors,
    };
}

async function run(world: World): Promise<Costs> {
    const suit = await prepare(world);
    const { posting, dispute, jurors } = suit;
    const costs: Costs = [];
    const step = async (name: string, pending: Promise<SendMessageResult>) => {
        costs.push([name, costOf(await succeed(pending))]);
    };
    const to = dispute.address;
    const { resultRoot } = await posting.job.getJob();
    const open = disputeBodies.open({
        terms: world.protocol.termsCell,
        subject: encodeJobSubject({ accuser: world.client.address, job: posting.job.address, claim: 1 }),
        evidence: encodeJobEvidence(resultRoot),
    });
    await step('open', send(world.client, to, open, toNano('10'), dispute.init));
    const shown = { itemKey: ITEM_KEY, path: null };
    const item = disputeBodies.discloseItem({ index: 0, leaf: posting.spec.inputTop, ...shown });
    await step('disclose', send(world.client, to, item));
    const answer = disputeBodies.answerItem({ leaf: RESULT_LEAF, ...shown });
    await step('answer', send(world.operator, to, answer));
    wait(world, 11 * 3_600);
    for (const juror of jurors) await step('seat', takeSeat(world, suit, juror));
    for (const { index, operator, salt } of jurors) {
        await step('reveal', send(operator, to, disputeBodies.reveal({ index, vote: VOTE.client, salt })));
    }
    await step('resolve', send(world.keeper, to, disputeBodies.resolve()));
    const end = await dispute.getDispute();
    if (end?.outcome !== 'client') throw new Error('The dispute did not end with a conviction.');
    return costs;
}

function takeSeat(world: World, { dispute, subject, openBefore }: Suit, juror: Juror) {
    const { index, salt } = juror;
    const commitment = commitmentHash({
        dispute: dispute.address,
        round: 1,
        index,
        vote: VOTE.client,
        salt,
    });
    const { termsHash } = world.protocol;
    const body = courtBodies.takeSeat({ termsHash, subject, openBefore, round: 1, offer: 0, commitment });
    return send(juror.operator, juror.node.address, body);
}

/** The dearest trace of a message of this name. */
function dearest(name: string): Operation['run'] {
    return async (world) => {
        const costs = (await run(world)).filter(([message]) => message === name).map(([, cost]) => cost);
        return costs.reduce((most, cost) => (cost.gas > most.gas ? cost : most));
    };
}

export const disputeOperations: Operation[] = [
    {
        name: 'dispute, 5 jurors, open to resolve',
        run: async (world) => sumOf((await run(world)).map(([, cost]) => cost)),
    },
    ...['open', 'disclose', 'answer', 'seat', 'reveal', 'resolve'].map((name) => ({
        name: `dispute: ${name}`,
        run: dearest(name),
    })),
];
