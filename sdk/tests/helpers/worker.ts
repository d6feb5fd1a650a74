import { type AnnouncedJob, type ChatResult, decodeRequest } from '../../src';
import type { TestNode } from './network';

/** Answers every request with itself, as a node that holds the claim and its key. */
async function answerClaim(node: TestNode, announced: AnnouncedJob, claim: number): Promise<void> {
    const { job, announcement } = announced;
    const { specHash } = announcement;
    const items = await node.operator.jobs.readInput({ job, claim, secretKey: node.secretKey, specHash });
    const results = items.map(
        ({ data }): ChatResult => ({
            text: `Re: ${decodeRequest(data).messages[0]!.content}`,
            tokenIds: [],
            logprobs: null,
            finishReason: 'stop',
            seed: null,
            usage: { promptTokens: 3, completionTokens: 5 },
        }),
    );
    await node.operator.jobs.submitResult({ job, claim, results });
}

/** Claims an announced job, waits for its key, and answers it. */
export async function answerJob(node: TestNode, announced: AnnouncedJob): Promise<void> {
    const { job, identity, announcement } = announced;
    const { specHash, spec } = announcement;
    const { claim } = await node.operator.jobs.claimJob({
        node: node.index,
        identity,
        bid: { specHash, collateral: spec.collateral, minPrice: 0n },
    });
    for await (const data of node.operator.jobs.watchJob({ job })) {
        if (data?.keyGiven) break;
    }
    await answerClaim(node, announced, claim);
}

/** Waits for an open job of the node's model and answers it. */
export async function serveOpenJob(node: TestNode): Promise<void> {
    const [offer] = (await node.info()).profile.offers.values();
    for (;;) {
        const [open] = await node.operator.jobs.findOpenJobs({ modelId: offer!.modelId });
        if (open !== undefined) return answerJob(node, open);
        await node.operator.clock.sleep(20);
    }
}

/** Waits for the next job that is for this node alone and answers it. */
export async function serveDirectJob(node: TestNode): Promise<void> {
    const { address } = await node.info();
    for await (const announced of node.operator.jobs.watchAnnouncements({ address, start: 'now' })) {
        return answerJob(node, announced);
    }
}
