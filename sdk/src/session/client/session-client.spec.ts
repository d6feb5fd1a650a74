import { ask, CHUNK, PRICES, PROMPT_TOKENS, setup, tokens } from '../../../tests/helpers/session/setup';
import { priceOf } from '..';

const text = (count: number) => Array.from({ length: count }, (_, index) => `w${index} `).join('');

describe('SessionClient', () => {
    it('asks, pays chunk by chunk, and gives the verified end', async () => {
        const { node, newClient, newChannel } = setup();
        const channel = newChannel();
        const answer = await newClient().request(channel, ask());
        const { deltas, result } = await answer.collect();
        expect(deltas.map(({ t }) => t).join('')).toBe(text(40));
        const usage = { prompt: PROMPT_TOKENS, cached: 0, completion: 40 };
        const price = priceOf(usage, PRICES);
        expect(result).toMatchObject({ finish: 'stop', seed: 7, usage, price });
        expect(result.receipt.chunk).toBe(3);
        expect(node.payments).toHaveLength(2);
        expect(node.ledger.paid).toBe(channel.signed);
        // Prepaid: at most one chunk, and the estimate of the prompt.
        expect(channel.signed - price).toBeLessThan(60n + 2n * BigInt(CHUNK));
        expect(node.ledger.owed).toBe(price);
    });
    it('uses what an earlier request left over', async () => {
        const { node, newClient, newChannel } = setup({ script: tokens(3) });
        const channel = newChannel();
        const client = newClient();
        for (let round = 0; round < 20; round++) await (await client.request(channel, ask())).collect();
        const price = priceOf({ prompt: PROMPT_TOKENS, cached: 0, completion: 3 }, PRICES);
        expect(node.ledger.owed).toBe(20n * price);
        expect(channel.signed - 20n * price).toBeLessThan(100n);
    });
});
