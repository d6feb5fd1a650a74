// Lists the nodes that serve a model, cheapest first. Reading needs no wallet.
import { createCocoon } from 'cocoon-sdk';

const cocoon = createCocoon({
    endpoint: process.env.COCOON_ENDPOINT,
    registry: process.env.COCOON_REGISTRY,
});

const found = await cocoon.nodes.findNodes({ modelId: BigInt(process.env.COCOON_MODEL_ID) });
for (const { node, offer } of found) {
    const price = Number(offer.completionPrice) / 1e9;
    console.log(`node ${node.index}: ${node.counters.paid} jobs paid, ${price} TON per 1M tokens`);
}
