// A page that posts a job and shows the answer. Needs cocoon-sdk, @ton/core, @ton/ton, @ton/crypto and buffer:
//   npx esbuild main.ts --bundle --format=esm --outdir=. --servedir=.
// For a real network let the user's wallet sign instead: getPostJobTxParams makes what TON Connect sends.
import './polyfill';
import { keyPairFromSeed } from '@ton/crypto';
import { WalletContractV5R1 } from '@ton/ton';
import { createCocoon, hexToBytes, isCocoonError, jsonJobStore } from 'cocoon-sdk';

const form = document.querySelector<HTMLFormElement>('form')!;
const button = form.querySelector('button')!;
const log = document.querySelector('#log')!;
const answer = document.querySelector('#answer')!;
const note = document.querySelector('#note')!;

// The connection may come with the link: ?endpoint=…&registry=…&networkId=…&modelId=…&seed=…
for (const [name, value] of new URLSearchParams(location.search)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = value;
}
const missing = form.querySelector<HTMLInputElement>('input:invalid');
if (missing) missing.closest('details')!.open = true;

form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    for (const element of [log, answer, note]) element.replaceChildren();
    note.className = '';
    note.textContent = 'Posting the job …';
    try {
        const { text, paid } = await ask(Object.fromEntries(new FormData(form)) as Record<string, string>);
        answer.textContent = text;
        note.textContent = paid;
    } catch (error) {
        note.className = 'error';
        note.textContent = isCocoonError(error) ? `${error.shortMessage} ${error.remedy}` : String(error);
    } finally {
        button.disabled = false;
    }
});

async function ask({ prompt, endpoint, registry, networkId, modelId, seed }: Record<string, string>) {
    const keys = keyPairFromSeed(Buffer.from(hexToBytes(seed!)));
    const contract = WalletContractV5R1.create({
        publicKey: keys.publicKey,
        walletId: { networkGlobalId: Number(networkId) },
    });
    const cocoon = createCocoon({
        endpoint,
        registry,
        wallet: { contract, secretKey: keys.secretKey },
        jobStore: jsonJobStore(localStorage), // a reload does not lose the keys of a job
    });
    const { answers, price, nodeIndex } = await cocoon.jobs.runJob({
        modelId: BigInt(modelId!),
        items: [{ messages: [{ role: 'user', content: prompt! }], max_tokens: 64 }],
        maxPrice: 100_000_000n,
        onProgress: (step, job) => show(progress[step] ?? step, job.toString()),
    });
    return { text: answers[0]!.text, paid: `Node ${nodeIndex} earned ${Number(price) / 1e9} TON.` };
}

const progress: Record<string, string> = {
    posted: 'Posted: the money is in escrow, the prompt is sealed',
    claimed: 'Claimed: a node locked its collateral',
    disclosed: 'The node, and only it, has the key',
    submitted: 'Answered: the result is sealed to this page',
    paid: 'Checked and paid',
};

function show(text: string, title: string): void {
    const line = document.createElement('li');
    line.textContent = text;
    line.title = title;
    log.append(line);
}
