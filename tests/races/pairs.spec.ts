import type { Address, Message } from '@ton/core';
import { type BlockchainSnapshot, internal } from '@ton/sandbox';
import { jobBodies, nodeBodies } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import { advance, now } from '../helpers/blockchain';
import { type Ending, everyOrder } from '../helpers/interleave';
import {
    bidOn,
    claimJob,
    type PostedJob,
    postJob,
    RESULT_TOP,
    SEALED,
    sendDisclose,
    sendSubmit,
    submitBody,
} from '../helpers/job';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { readStateTables } from '../helpers/state-table';
import { DAY } from '../helpers/terms';
import { AMPLE, opcodeOf, type Wallet } from '../helpers/trace';

let scene: Scene;
let posted: PostedJob;
let resultRoot: bigint;
const moments = new Map<string, BlockchainSnapshot>();

const STATES = ['open', 'keyless', 'working', 'submitted'] as const;

/** Each state, long after its deadline and after the lock's hard end: most messages are allowed then. */
beforeAll(async () => {
    scene = await createScene({ nodes: 2 });
    const { blockchain } = scene;
    posted = await postJob(scene, { openBefore: now(blockchain) + 29 * DAY });
    const remember = async (state: (typeof STATES)[number]) => {
        const start = blockchain.snapshot();
        moments.set(`${state}, in time`, start);
        advance(blockchain, 40 * DAY);
        moments.set(`${state}, late`, blockchain.snapshot());
        await blockchain.loadFrom(start);
    };
    await remember('open');
    await claimJob(posted, operatorOf(scene));
    await remember('keyless');
    await sendDisclose(scene, posted);
    await remember('working');
    await sendSubmit(posted, operatorOf(scene).operator, { resultTop: RESULT_TOP });
    resultRoot = (await posted.job.getJob()).resultRoot;
    await remember('submitted');
});

const toJob = (from: Wallet, body: Message['body']) =>
    internal({ from: from.address, to: posted.job.address, value: AMPLE, body });
const toNode = (from: Wallet, n: number, body: Message['body']) =>
    internal({ from: from.address, to: operatorOf(scene, n).node.address, value: AMPLE, body });
const claimBy = (n: number) =>
    toNode(operatorOf(scene, n).operator, n, nodeBodies.claim({ job: posted.identity, bid: bidOn(posted) }));

const messages: Record<string, () => Message> = {
    'Claim by A': () => claimBy(0),
    'Claim by B': () => claimBy(1),
    DiscloseKey: () => {
        const { encryptionKey } = operatorOf(scene);
        return toJob(scene.client, jobBodies.discloseKey({ claim: 1, encryptionKey, sealedKey: SEALED }));
    },
    SubmitResult: () => toJob(operatorOf(scene).operator, submitBody(1)),
    Decline: () =>
        toNode(operatorOf(scene).operator, 0, nodeBodies.decline({ job: posted.job.address, claim: 1 })),
    AcceptResult: () => toJob(scene.client, jobBodies.acceptResult({ claim: 1, resultRoot })),
    Finalize: () => toJob(scene.keeper, jobBodies.finalize()),
    Expire: () => toJob(scene.keeper, jobBodies.expire()),
    CancelJob: () => toJob(scene.client, jobBodies.cancel()),
    Destroy: () => toJob(scene.keeper, jobBodies.destroy()),
    ReleaseExpiredLock: () =>
        toNode(scene.keeper, 0, nodeBodies.releaseExpiredLock({ holder: posted.job.address })),
    Unbond: () => toNode(operatorOf(scene).owner, 0, nodeBodies.unbond({ amount: 395_000_000_000n })),
    RotateKeys: () =>
        toNode(
            operatorOf(scene).owner,
            0,
            nodeBodies.rotateKeys({
                operator: scene.stranger.address,
                operatorKey: 5n,
                encryptionKey: 6n,
            }),
        ),
};

/** Getters are slow, and many orders lead to the same data. */
const described = new Map<string, string>();

async function describeAccount(address: Address, words: () => Promise<string>): Promise<string> {
    const { accountState } = await scene.blockchain.getContract(address);
    const data =
        accountState?.type === 'active' ? `${accountState.state.data?.hash().toString('hex')}` : 'gone';
    const key = `${address} ${data}`;
    if (!described.has(key)) described.set(key, data === 'gone' ? 'gone' : await words());
    return described.get(key)!;
}

async function describeJob(): Promise<string> {
    const { status, keyGiven, nodeIndex, escrow } = await posted.job.getJob();
    expect((await scene.blockchain.getContract(posted.job.address)).balance).toBeGreaterThan(escrow);
    if (status === 'claimed') return `${keyGiven ? 'working' : 'keyless'} ${'AB'[nodeIndex]}`;
    return status;
}

async function describeNode(n: number): Promise<string> {
    const { node } = operatorOf(scene, n);
    const { lockCount, stake, unbonding } = await node.getNode();
    expect((await scene.blockchain.getContract(node.address)).balance).toBeGreaterThan(stake + unbonding);
    const { counters } = await node.getDetails();
    const words = [];
    if (lockCount > 0) words.push(`lock ${'AB'[n]}`);
    if (unbonding > 0n) words.push('unbonding');
    if (counters.slashed > 0n) words.push('slashed');
    return words.join(', ');
}

/** State of the job, locks and stake of the nodes, money paid: in words. */
async function describeEnding({ payments }: Ending): Promise<string> {
    const words = [await describeAccount(posted.job.address, describeJob)];
    for (const [n, { node }] of scene.nodes.entries()) {
        words.push(await describeAccount(node.address, () => describeNode(n)));
    }
    const payout = operatorOf(scene).payout.address;
    const earned = payments.filter(
        ({ to, body }) => to.equals(payout) && opcodeOf(body) === opcodes.JobPayout,
    );
    expect(earned.length).toBeLessThan(2);
    for (const { value } of earned) {
        words.push(value === scene.protocol.terms.jobParams.noKeyFee ? 'no-key fee' : 'node paid');
    }
    const slashes = payments.filter(({ body }) => opcodeOf(body) === opcodes.SlashCompensation);
    expect(slashes.length).toBe(words.join().includes('slashed') ? 1 : 0);
    return words.filter((word) => word !== '').join(', ');
}

async function outcomes(...inFlight: Message[]): Promise<{ words: Set<string>; refused: boolean }> {
    const contended = [posted.job.address, ...scene.nodes.map(({ node }) => node.address)];
    const words = new Set<string>();
    let refused = false;
    await everyOrder(scene.blockchain, contended, inFlight, async (ending) => {
        words.add(await describeEnding(ending));
        refused ||= ending.failures.length > 0;
    });
    return { words, refused };
}

/** Touch the node alone: what they do to each other is no race with a job. */
const INDEPENDENT = ['ReleaseExpiredLock', 'Unbond', 'RotateKeys'];
const documented = readStateTables('races.md');

it.each(STATES.flatMap((state) => [`${state}, in time`, `${state}, late`]))(
    '%s: any two messages that are allowed end as documented',
    async (moment) => {
        await scene.blockchain.loadFrom(moments.get(moment)!);
        const allowed: string[] = [];
        for (const [name, message] of Object.entries(messages)) {
            if (!(await outcomes(message())).refused) allowed.push(name);
        }
        const rows = new Map<string, string[]>();
        for (const [i, first] of allowed.entries()) {
            for (const second of allowed.slice(i + 1)) {
                if (INDEPENDENT.includes(first) && INDEPENDENT.includes(second)) continue;
                const { words } = await outcomes(messages[first]!(), messages[second]!());
                expect(words.size).toBeLessThan(3);
                rows.set(`${first} + ${second}`, [[...words].sort().join(' / ')]);
            }
        }
        expect(documented.get(moment)).toEqual(rows);
    },
);
