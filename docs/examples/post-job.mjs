// Posts a job, waits for the answer, pays. Needs cocoon-sdk and @ton/ton; the variables come from
// `npm run demo -- --keep`, or from your own network.
import { keyPairFromSeed } from '@ton/crypto';
import { WalletContractV5R1 } from '@ton/ton';
import { createCocoon } from 'cocoon-sdk';

const env = process.env;
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

const { answers, price, nodeIndex } = await cocoon.jobs.runJob({
    modelId: BigInt(env.COCOON_MODEL_ID),
    items: [{ messages: [{ role: 'user', content: 'What is the capital of France?' }], max_tokens: 64 }],
    startPrice: 20_000_000n, // nanoTON; rises until a node claims the job …
    maxPrice: 500_000_000n, // … to here, and what the claim does not take returns
    rampSeconds: 60,
    onProgress: (step) => console.error(step),
});

console.log(answers[0].text);
console.error(`Node ${nodeIndex} earned ${Number(price) / 1e9} TON.`);
