import { beginCell, toNano } from '@ton/core';
import type { SandboxContract, SendMessageResult } from '@ton/sandbox';
import {
    type Bid,
    cellHash,
    encodeJobSpec,
    Job,
    type JobIdentity,
    type JobSpec,
    jobBodies,
    nodeBodies,
    type Terms,
} from 'cocoon-wrappers';
import { now } from './blockchain';
import { MODEL_ID } from './protocol';
import { type Operator, operatorOf, type Scene } from './scene';
import { DAY, HOUR } from './terms';
import { AMPLE, send, type Wallet } from './trace';

export const RESULT_TOP = 0x7e5017n;
export const SEALED = beginCell().storeUint(0x5ea1ed, 32).endCell();
export const INPUT = beginCell().storeStringTail('ciphertext').endCell();

export function jobSpec(changes: Partial<JobSpec> = {}): JobSpec {
    return {
        modelId: MODEL_ID,
        inputTop: 0x1234n,
        resultKey: 0xabcdn,
        items: 3,
        startPrice: toNano('2'),
        maxPrice: toNano('6'),
        rampSeconds: 400,
        collateral: toNano('10'),
        claimWindow: HOUR,
        keyWindow: 600,
        executionWindow: 2 * HOUR,
        reviewWindow: 3 * HOUR,
        minStake: 0n,
        ...changes,
    };
}

/** What a job owes when it opens: price, post fee, a fee for each claim without a key, tips. */
export function escrowOf(spec: JobSpec, { jobParams }: Terms): bigint {
    return spec.maxPrice + jobParams.postFee + 4n * jobParams.noKeyFee + 5n * jobParams.keeperTip;
}

export interface PostedJob {
    job: SandboxContract<Job>;
    identity: JobIdentity;
    spec: JobSpec;
    specHash: bigint;
}

export interface PostOptions {
    spec?: Partial<JobSpec>;
    nonce?: bigint;
    openBefore?: number;
    client?: Wallet;
}

/** The job that a client would post, not posted. */
export function draftJob(scene: Scene, options: PostOptions = {}): PostedJob {
    const spec = jobSpec(options.spec);
    const identity: JobIdentity = {
        registry: scene.protocol.registry.address,
        termsHash: scene.protocol.termsHash,
        client: (options.client ?? scene.client).address,
        nonce: options.nonce ?? 1n,
        openBefore: options.openBefore ?? now(scene.blockchain) + DAY,
    };
    const job = scene.blockchain.openContract(Job.fromIdentity(identity));
    return { job, identity, spec, specHash: cellHash(encodeJobSpec(spec)) };
}

export function postBody(scene: Scene, { spec }: PostedJob) {
    const sealedKey = spec.direct === undefined ? undefined : SEALED;
    return jobBodies.post({
        terms: scene.protocol.termsCell,
        spec: encodeJobSpec(spec),
        input: INPUT,
        sealedKey,
    });
}

export function sendPost(
    scene: Scene,
    posted: PostedJob,
    from = scene.client,
    value = escrowOf(posted.spec, scene.protocol.terms) + 2n * AMPLE, // also at ten times the prices
): Promise<SendMessageResult> {
    return posted.job.sendMessage(from.getSender(), value, postBody(scene, posted));
}

export async function postJob(scene: Scene, options: PostOptions = {}): Promise<PostedJob> {
    const posted = draftJob(scene, options);
    const result = await sendPost(scene, posted, options.client);
    expect(result.transactions).toHaveTransaction({ to: posted.job.address, success: true, deploy: true });
    return posted;
}

export function bidOn(posted: PostedJob, changes: Partial<Bid> = {}): Bid {
    return {
        specHash: posted.specHash,
        collateral: posted.spec.collateral,
        minPrice: posted.spec.startPrice,
        ...changes,
    };
}

export function sendClaim(
    posted: PostedJob,
    by: Operator,
    bid: Partial<Bid> = {},
    value = AMPLE,
): Promise<SendMessageResult> {
    const body = nodeBodies.claim({ queryId: 77n, job: posted.identity, bid: bidOn(posted, bid) });
    return send(by.operator, by.node.address, body, value);
}

export async function claimJob(posted: PostedJob, by: Operator, bid: Partial<Bid> = {}): Promise<void> {
    const result = await sendClaim(posted, by, bid);
    expect(result.transactions).toHaveTransaction({
        from: by.node.address,
        to: posted.job.address,
        success: true,
    });
}

export async function sendDisclose(
    scene: Scene,
    posted: PostedJob,
    changes: { claim?: number; encryptionKey?: bigint; from?: Wallet } = {},
): Promise<SendMessageResult> {
    const { claims, claimer } = await posted.job.getJob();
    const body = jobBodies.discloseKey({
        claim: changes.claim ?? claims,
        encryptionKey: changes.encryptionKey ?? claimer?.encryptionKey ?? 0n,
        sealedKey: SEALED,
    });
    return send(changes.from ?? scene.client, posted.job.address, body);
}

export function submitBody(claim: number, resultTop = RESULT_TOP) {
    return jobBodies.submitResult({
        claim,
        resultTop,
        promptTokens: 11,
        completionTokens: 22,
        result: INPUT,
        sealedKey: SEALED,
    });
}

export async function sendSubmit(
    posted: PostedJob,
    from: Wallet,
    changes: { claim?: number; resultTop?: bigint } = {},
): Promise<SendMessageResult> {
    const { claims } = await posted.job.getJob();
    const body = submitBody(changes.claim ?? claims, changes.resultTop);
    return send(from, posted.job.address, body);
}

export async function sendAccept(scene: Scene, posted: PostedJob): Promise<SendMessageResult> {
    const { claims, resultRoot } = await posted.job.getJob();
    return send(scene.client, posted.job.address, jobBodies.acceptResult({ claim: claims, resultRoot }));
}

export async function sendDecline(
    posted: PostedJob,
    by: Operator,
    changes: { claim?: number; from?: Wallet } = {},
): Promise<SendMessageResult> {
    const { claims } = await posted.job.getJob();
    const body = nodeBodies.decline({ job: posted.job.address, claim: changes.claim ?? claims });
    return send(changes.from ?? by.operator, by.node.address, body);
}

export function sendExpire(posted: PostedJob, from: Wallet): Promise<SendMessageResult> {
    return send(from, posted.job.address, jobBodies.expire());
}

/** Posted, claimed by the scene's first node and, unless `withoutKey`, its key disclosed. */
export async function claimedJob(
    scene: Scene,
    { withoutKey = false, ...options }: PostOptions & { withoutKey?: boolean } = {},
): Promise<PostedJob> {
    const posted = await postJob(scene, options);
    await claimJob(posted, operatorOf(scene));
    if (!withoutKey && posted.spec.direct === undefined) await sendDisclose(scene, posted);
    return posted;
}

/** As `claimedJob`, and its result submitted. */
export async function submittedJob(scene: Scene, options: PostOptions = {}): Promise<PostedJob> {
    const posted = await claimedJob(scene, options);
    await sendSubmit(posted, operatorOf(scene).operator);
    expect((await posted.job.getJob()).status).toBe('submitted');
    return posted;
}
