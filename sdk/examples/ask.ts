import { createCocoon, type JobStore, type Wallet } from 'cocoon-sdk';

/** Asks any node of the network and pays for the answer. */
export async function ask(options: {
    endpoint: string;
    registry: string;
    wallet: Wallet;
    jobStore: JobStore;
    modelId: bigint;
}) {
    const { modelId, ...connection } = options;
    const cocoon = createCocoon({ network: 'local', ...connection });

    const { answers, price } = await cocoon.jobs.runJob({
        modelId,
        items: [{ messages: [{ role: 'user', content: 'Name three seas.' }], max_tokens: 64 }],
        maxPrice: 500_000_000n, // 0.5 TON; the price is fixed by the claim
        onProgress: (step, job) => console.log(step, job.toString()),
    });
    return { text: answers[0]?.text, price };
}
