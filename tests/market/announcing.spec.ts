import { beginCell, type Cell, toNano } from '@ton/core';
import type { SandboxContract } from '@ton/sandbox';
import { cellOf, deployMarketBody, encodeJobSpec, jobBodies, Market } from 'cocoon-wrappers';
import * as binding from '../../build/Market/Market_Market';
import { ERR } from '../helpers/errors';
import { draftJob, type PostedJob, postJob, sendPost } from '../helpers/job';
import { MODEL_ID } from '../helpers/protocol';
import { createScene, type Scene } from '../helpers/scene';
import {
    AMPLE,
    eventsOf,
    exitCodeOn,
    expectAllDone,
    expectRefused,
    forge,
    paidBetween,
    send,
} from '../helpers/trace';

let scene: Scene;
let posted: PostedJob;
let market: SandboxContract<Market>;

beforeEach(async () => {
    scene = await createScene();
    posted = draftJob(scene);
    const { registry, termsHash, terms } = scene.protocol;
    const shard = Market.shardOf(posted.job.address, terms.marketShards);
    market = scene.blockchain.openContract(
        Market.fromIdentity({ registry: registry.address, termsHash, modelId: MODEL_ID, shard }),
    );
    expectAllDone(await market.sendDeploy(scene.client.getSender(), AMPLE));
});

const announcement = (changes: { nonce?: bigint; terms?: Cell } = {}) =>
    cellOf(
        binding.storeAnnounceJob({
            $$type: 'AnnounceJob',
            queryId: 0n,
            client: scene.client.address,
            nonce: changes.nonce ?? posted.identity.nonce,
            openBefore: BigInt(posted.identity.openBefore),
            claims: 0n,
            terms: changes.terms ?? scene.protocol.termsCell,
            spec: encodeJobSpec(posted.spec),
        }),
    );

describe('a Market', () => {
    it('keeps its storage from its deployment and returns the rest', async () => {
        const other = scene.blockchain.openContract(
            Market.fromIdentity({
                registry: scene.protocol.registry.address,
                termsHash: scene.protocol.termsHash,
                modelId: 5n,
                shard: 0,
            }),
        );
        const result = await other.sendDeploy(scene.stranger.getSender(), AMPLE);
        expectAllDone(result);
        const { balance } = await scene.blockchain.getContract(other.address);
        const returned = paidBetween(result, other.address, scene.stranger.address);
        expect(returned + balance).toBeGreaterThan(AMPLE - toNano('0.02'));
        const again = await send(scene.stranger, other.address, deployMarketBody());
        expectAllDone(again);
        expect(paidBetween(again, other.address, scene.stranger.address)).toBeGreaterThan(
            AMPLE - toNano('0.02'),
        );
    });

    it('announces a job of its terms to all who watch', async () => {
        const result = await sendPost(scene, posted);
        expectAllDone(result);
        const [event] = eventsOf(result, market.address);
        const body = event!.beginParse();
        const { job, claims, spec } = binding.loadJobAnnounced(body);
        body.endParse();
        expect(job).toBe(BigInt(`0x${posted.job.address.hash.toString('hex')}`));
        expect(claims).toBe(0n);
        expect(spec.equals(encodeJobSpec(posted.spec))).toBe(true);
        const again = await send(scene.stranger, posted.job.address, jobBodies.announceAgain());
        expectAllDone(again);
        expect(eventsOf(again, market.address)).toHaveLength(1);
        expect(paidBetween(again, posted.job.address, scene.stranger.address)).toBeGreaterThan(
            AMPLE - toNano('0.1'),
        );
    });

    it('announces nothing for anyone else', async () => {
        await postJob(scene);
        const fake = (from = posted.job.address, changes = {}) =>
            forge(scene, from, market.address, announcement(changes));
        const refusals = [
            exitCodeOn(await fake(scene.stranger.address), market.address),
            exitCodeOn(await fake(undefined, { nonce: 9n }), market.address),
            exitCodeOn(await fake(undefined, { terms: beginCell().endCell() }), market.address),
        ];
        expect(refusals).toEqual([ERR.ERR_ACCESS, ERR.ERR_ACCESS, ERR.ERR_TERMS_HASH]);
        expect(exitCodeOn(await fake(), market.address)).toBe(0);
    });

    it('tells nothing of a job that is not open', async () => {
        await sendPost(scene, posted);
        await send(scene.client, posted.job.address, jobBodies.cancel());
        const result = await send(scene.stranger, posted.job.address, jobBodies.announceAgain());
        expectRefused(result, posted.job.address, ERR.ERR_STATE);
        expect(eventsOf(result, market.address)).toHaveLength(0);
    });
});
