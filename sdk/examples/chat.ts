import { type ChannelBook, createCocoon, type Wallet } from 'cocoon-sdk';
import OpenAI from 'openai';

/** Streams one answer. */
export async function chat(options: {
    endpoint: string;
    registry: string;
    wallet: Wallet;
    channels: ChannelBook;
    model: string;
}) {
    const { channels, model, ...connection } = options;
    const funding = { maxDeposit: 5_000_000_000n, maxPerNode: 500_000_000n };
    const cocoon = createCocoon({ network: 'local', ...connection, inference: { channels, funding } });
    const openai = new OpenAI({ fetch: cocoon.fetch, apiKey: 'unused', baseURL: 'https://cocoon.local/v1' });
    const messages = [{ role: 'user' as const, content: 'Why is the sky blue?' }];
    for await (const chunk of await openai.chat.completions.create({ model, messages, stream: true })) {
        console.log(chunk.choices[0]?.delta.content);
    }
    // What is allocated comes back with the nodes' help, then everything that is free.
    await cocoon.inference.close({ withdraw: true });
}
