import { type Address, beginCell, type Cell, toNano } from '@ton/core';
import { internal, type SmartContractSnapshot } from '@ton/sandbox';
import { cellOf, encodeNodeHot, type JobData, jobBodies } from 'cocoon-wrappers';
import { VERDICT_NODE } from '../../build/Dispute/Dispute_Dispute';
import * as binding from '../../build/Job/Job_Job';
import { advance, now } from '../helpers/blockchain';
import {
    bidOn,
    claimJob,
    draftJob,
    type PostedJob,
    postBody,
    SEALED,
    sendAccept,
    sendDisclose,
    sendExpire,
    sendPost,
    sendSubmit,
    submitBody,
} from '../helpers/job';
import { freeze, freezeOf, verdictBody } from '../helpers/job-dispute';
import { createScene, operatorOf, type Scene } from '../helpers/scene';
import { beforeAndAfter, readStateTables, refusal } from '../helpers/state-table';
import { DAY, HOUR } from '../helpers/terms';
import { AMPLE, send } from '../helpers/trace';

const STATES = [
    'unopened',
    'open',
    'keyless',
    'working',
    'submitted',
    'paid',
    'refunded',
    'expired',
    'disputed',
] as const;
type State = (typeof STATES)[number];

let scene: Scene;
let posted: PostedJob;
let dispute: Address;
const moments = new Map<
    string,
    { account: SmartContractSnapshot; time: number; job: JobData; data: string }
>();

/** Makes the job in each state, and goes on until its deadline and openBefore have passed. */
beforeAll(async () => {
    scene = await createScene({ nodes: 2 });
    const by = operatorOf(scene);
    posted = draftJob(scene, { openBefore: now(scene.blockchain) + 3 * HOUR });
    const { blockchain, client } = scene;
    const remember = async (state: State) => {
        const contract = await blockchain.getContract(posted.job.address);
        const moment = {
            account: contract.snapshot(),
            job: await posted.job.getJob(),
            data: await fingerprint(),
        };
        moments.set(`${state} before`, { ...moment, time: now(blockchain) });
        moments.set(`${state} after`, { ...moment, time: now(blockchain) + 8 * DAY });
    };
    // Unopened, but deployed: a stranger brought the StateInit, the message failed and left its code there.
    const { address, init } = posted.job;
    await scene.stranger.send({ to: address, value: 50_000_000n, init, bounce: false });
    await remember('unopened');
    await sendPost(scene, posted);
    await remember('open');
    const opened = blockchain.snapshot();
    await send(client, posted.job.address, jobBodies.cancel());
    await remember('refunded');
    await blockchain.loadFrom(opened);
    await claimJob(posted, by);
    await remember('keyless');
    await sendDisclose(scene, posted);
    await remember('working');
    const working = blockchain.snapshot();
    advance(blockchain, posted.spec.executionWindow + 1);
    await sendExpire(posted, client);
    await remember('expired');
    await blockchain.loadFrom(working);
    await sendSubmit(posted, by.operator);
    await remember('submitted');
    const submitted = blockchain.snapshot();
    dispute = (await freeze(scene, posted)).dispute;
    await remember('disputed');
    await blockchain.loadFrom(submitted);
    await sendAccept(scene, posted);
    await remember('paid');
});

const senders: Record<string, () => Address> = {
    client: () => scene.client.address,
    operator: () => operatorOf(scene).operator.address,
    node: () => operatorOf(scene).node.address,
    'other node': () => operatorOf(scene, 1).node.address,
    stranger: () => scene.stranger.address,
    dispute: () => dispute,
};

const messages: Record<string, (job: JobData, sender: string) => Cell> = {
    PostJob: () => postBody(scene, posted),
    ClaimFor: (_, sender) => claimFor(sender === 'other node' ? 1 : 0),
    DiscloseKey: ({ claims }) =>
        jobBodies.discloseKey({
            claim: claims,
            encryptionKey: operatorOf(scene).encryptionKey,
            sealedKey: SEALED,
        }),
    SubmitResult: ({ claims }) => submitBody(claims),
    DeclineClaim: ({ claims }) =>
        cellOf(binding.storeDeclineClaim({ $$type: 'DeclineClaim', queryId: 0n, claim: BigInt(claims) })),
    AcceptResult: ({ claims, resultRoot }) => jobBodies.acceptResult({ claim: claims, resultRoot }),
    Finalize: () => jobBodies.finalize(),
    Expire: () => jobBodies.expire(),
    CancelJob: () => jobBodies.cancel(),
    AnnounceAgain: () => jobBodies.announceAgain(),
    Destroy: () => jobBodies.destroy(),
    Freeze: ({ claims, resultRoot }) => freezeOf(posted, claims, resultRoot),
    Verdict: ({ claims }) => verdictBody(VERDICT_NODE, { claim: claims }),
    'anything else': () => beginCell().storeUint(0x0c0c04ff, 32).storeUint(0, 64).endCell(),
};

function claimFor(n: number): Cell {
    const { index, operator, payout, encryptionKey } = operatorOf(scene, n);
    const hot = encodeNodeHot({ operator: operator.address, payout: payout.address, encryptionKey });
    const bid = cellOf(binding.storeBid({ $$type: 'Bid', ...bidOn(posted) }));
    return cellOf(
        binding.storeClaimFor({
            $$type: 'ClaimFor',
            queryId: 0n,
            claimSeq: 9n,
            index: BigInt(index),
            nodeVersion: 1n,
            stake: 1n,
            bid,
            hot,
            attestation: null,
        }),
    );
}

async function fingerprint(): Promise<string> {
    const state = (await scene.blockchain.getContract(posted.job.address)).accountState;
    return state?.type === 'active' ? `${state.state.data?.hash().toString('hex')}` : 'gone';
}

async function stateNow(): Promise<string> {
    const contract = await scene.blockchain.getContract(posted.job.address);
    if (contract.accountState?.type !== 'active') return 'gone';
    const { status, keyGiven } = await posted.job.getJob();
    return status === 'claimed' ? (keyGiven ? 'working' : 'keyless') : status;
}

/** What one message does in one state: the state after it, or the name of the error. */
async function outcome(message: string, sender: string, when: string): Promise<string> {
    const { account, time, job, data } = moments.get(when)!;
    const contract = await scene.blockchain.getContract(posted.job.address);
    contract.loadFrom(account);
    const transaction = await contract.receiveMessage(
        internal({
            from: senders[sender]!(),
            to: posted.job.address,
            value: message === 'PostJob' ? toNano('10') : AMPLE,
            body: messages[message]!(job, sender),
        }),
        { now: time },
    );
    const refused = refusal(transaction);
    if (refused === undefined) return `→ ${await stateNow()}`;
    expect(await fingerprint()).toBe(data); // a refused message changes nothing
    return refused;
}

const documented = readStateTables('job-states.md');

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
