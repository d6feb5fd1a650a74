// A page that chats with a model through the official OpenAI client, without any server of its own: cocoon.fetch seals the
// prompt to a node, pays it by vouchers, and streams the answer. Needs openai besides what ../browser needs:
//   npx esbuild main.ts --bundle --format=esm --outdir=. --servedir=.
import '../browser/polyfill';
import { keyPairFromSeed } from '@ton/crypto';
import { WalletContractV5R1 } from '@ton/ton';
import { createCocoon, hexToBytes, jsonChannelBook } from 'cocoon-sdk';
import OpenAI from 'openai';

const form = document.querySelector<HTMLFormElement>('form')!;
const button = form.querySelector('button')!;
const answer = document.querySelector('#answer')!;
const note = document.querySelector('#note')!;

// The connection comes with the link: ?endpoint=…&registry=…&networkId=…&model=…&seed=…
const link = new URLSearchParams(location.search);
const keys = keyPairFromSeed(Buffer.from(hexToBytes(link.get('seed')!)));
const walletId = { networkGlobalId: Number(link.get('networkId')) };
const cocoon = createCocoon({
    endpoint: link.get('endpoint')!,
    registry: link.get('registry')!,
    wallet: {
        contract: WalletContractV5R1.create({ publicKey: keys.publicKey, walletId }),
        secretKey: keys.secretKey,
    },
    // A reload does not lose the keys of what was deposited.
    inference: { channels: jsonChannelBook(localStorage) },
});
const openai = new OpenAI({
    fetch: cocoon.fetch,
    baseURL: 'https://cocoon.local/v1', // nothing is sent there
    apiKey: 'unused',
    dangerouslyAllowBrowser: true, // there is no key that could leak
});

form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    answer.replaceChildren();
    note.className = '';
    note.textContent = 'Depositing, if this is the first time …';
    try {
        const stream = await openai.chat.completions.create({
            model: link.get('model')!,
            messages: [{ role: 'user', content: String(new FormData(form).get('prompt')) }],
            max_tokens: 64,
            stream: true,
        });
        for await (const chunk of stream) {
            answer.append(chunk.choices[0]?.delta.content ?? '');
            const { cocoon: paid } = chunk as { cocoon?: { node: string; price: string } };
            if (paid)
                note.textContent = `Node ${paid.node.slice(0, 8)} earned ${Number(paid.price) / 1e9} TON.`;
        }
    } catch (error) {
        note.className = 'error';
        note.textContent = String(error);
    } finally {
        button.disabled = false;
    }
});
