import { Address } from '@ton/core';
import { type ChatRequest, createCocoon, type JobStore, toTonConnect } from 'cocoon-sdk';

/** Builds what a wallet app sends; the secrets of the job are in `jobStore` before it returns. */
export async function prepareForWallet(options: {
    endpoint: string;
    registry: string;
    jobStore: JobStore;
    wallet: string;
    modelId: bigint;
    items: ChatRequest[];
}) {
    const { endpoint, registry, jobStore, wallet, ...order } = options;
    const cocoon = createCocoon({ endpoint, registry, jobStore }); // reads only
    const { address, messages } = await cocoon.jobs.getPostJobTxParams({
        ...order,
        from: Address.parse(wallet),
        maxPrice: 500_000_000n,
    });
    // tonConnectUI.sendTransaction({ validUntil, messages })
    return { job: address, messages: messages.map(toTonConnect) };
}
