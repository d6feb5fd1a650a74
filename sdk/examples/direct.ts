import type { Cocoon } from 'cocoon-sdk';

/** Picks the cheapest node that serves the model and gives it a batch of its own. */
export async function askCheapest(cocoon: Cocoon, modelId: bigint, questions: string[]) {
    const [best] = await cocoon.nodes.findNodes({ modelId, maxCompletionPrice: 100_000_000n });
    if (!best) throw new Error('No node serves this model at this price.');

    const { address } = await cocoon.jobs.postJob({
        modelId,
        node: best.node.index,
        items: questions.map((content) => ({ messages: [{ role: 'user' as const, content }] })),
        maxPrice: 500_000_000n,
    });
    for await (const job of cocoon.jobs.watchJob({ job: address })) {
        if (job?.status === 'submitted') break;
    }
    const result = await cocoon.jobs.readResult({ job: address }); // decrypted and verified
    await cocoon.jobs.acceptResult({ job: address, ...result }); // pays at once
    return result.answers.map(({ text }) => text);
}
