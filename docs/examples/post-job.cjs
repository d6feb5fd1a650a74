// Posts a job from CommonJS and prints the answer. Needs what post-job.mjs needs.
const { keyPairFromSeed } = require('@ton/crypto');
const { WalletContractV5R1 } = require('@ton/ton');
const { createCocoon } = require('cocoon-sdk');

async function main(env) {
    const keys = keyPairFromSeed(Buffer.from(env.COCOON_WALLET_SEED, 'hex'));
    const contract = WalletContractV5R1.create({
        publicKey: keys.publicKey,
        walletId: { networkGlobalId: Number(env.COCOON_NETWORK_ID) },
    });
    const cocoon = createCocoon({
        endpoint: env.COCOON_ENDPOINT,
        registry: env.COCOON_REGISTRY,
        wallet: { contract, secretKey: keys.secretKey },
    });
    const { answers } = await cocoon.jobs.runJob({
        modelId: BigInt(env.COCOON_MODEL_ID),
        items: [{ messages: [{ role: 'user', content: 'What is TON?' }], max_tokens: 64 }],
        startPrice: 20_000_000n,
        maxPrice: 500_000_000n,
        rampSeconds: 60,
    });
    console.log(answers[0].text);
}

main(process.env);
