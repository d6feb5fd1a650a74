import { styleText } from 'node:util';
import OpenAI from 'openai';
import { MODEL } from '../model';
import type { Conversation } from './questions';

/** One answer and what it cost. */
export interface Answered {
    readonly question: string;
    readonly answer: string;
    /** nanoTON, by the node's signed receipt. */
    readonly price: bigint;
    readonly tokens: number;
    /** Account of the node, hex. */
    readonly node: string;
    /** Milliseconds until the first word. */
    readonly firstWordMs: number;
}

/** What the gateway adds to an answer of the OpenAI API. */
interface Receipt {
    readonly cocoon?: { readonly node: string; readonly price: string };
}

const MAX_TOKENS = 64;

/** An application: the official client of the OpenAI API, pointed at the gateway. */
export function application(baseURL: string, apiKey: string): OpenAI {
    // Nodes that are busy say so with 429 and Retry-After, which the client knows what to do about.
    return new OpenAI({ baseURL, apiKey, maxRetries: 8 });
}

/** Asks a user's questions one after the other and shows the words as they come. */
export async function converse(
    openai: OpenAI,
    { user, questions }: Conversation,
    nameOf: (node: string) => string,
): Promise<Answered[]> {
    const answers: Answered[] = [];
    for (const question of questions) {
        process.stdout.write(
            `\n  ${styleText('bold', user.padEnd(6))} ${question}\n  ${styleText('dim', 'answer')} `,
        );
        const answered = await stream(openai, question, (text) => process.stdout.write(text));
        const paid = `${formatNano(answered.price)} TON for ${answered.tokens} tokens, ${nameOf(answered.node)}`;
        process.stdout.write(`  ${styleText('dim', paid)}\n`);
        answers.push(answered);
    }
    return answers;
}

/** One streamed answer. */
async function stream(openai: OpenAI, question: string, show: (text: string) => void): Promise<Answered> {
    const started = performance.now();
    const chunks = await openai.chat.completions.create({
        model: MODEL.name,
        messages: [{ role: 'user', content: question }],
        max_tokens: MAX_TOKENS,
        stream: true,
        stream_options: { include_usage: true },
    });
    let answer = '';
    let firstWordMs = 0;
    let tokens = 0;
    let receipt: Receipt['cocoon'];
    for await (const chunk of chunks) {
        const text = chunk.choices[0]?.delta.content ?? '';
        if (text !== '' && answer === '') firstWordMs = performance.now() - started;
        answer += text;
        show(text);
        tokens = chunk.usage?.total_tokens ?? tokens;
        receipt = (chunk as Receipt).cocoon ?? receipt;
    }
    return { question, answer, tokens, firstWordMs, ...receiptOf(receipt) };
}

/** Many questions, `clients` at a time, each with its whole answer at once. */
export async function askAll(
    openai: OpenAI,
    questions: readonly string[],
    clients: number,
): Promise<Answered[]> {
    const answers: Answered[] = [];
    const next = questions.values();
    const client = async () => {
        // All clients take from one iterator.
        for (const question of next) answers.push(await ask(openai, question));
    };
    await Promise.all(Array.from({ length: clients }, client));
    return answers;
}

async function ask(openai: OpenAI, question: string): Promise<Answered> {
    const started = performance.now();
    const completion = await openai.chat.completions.create({
        model: MODEL.name,
        messages: [{ role: 'user', content: question }],
        max_tokens: MAX_TOKENS,
    });
    return {
        question,
        answer: completion.choices[0]!.message.content ?? '',
        tokens: completion.usage!.total_tokens,
        firstWordMs: performance.now() - started,
        ...receiptOf((completion as Receipt).cocoon),
    };
}

function receiptOf(receipt: Receipt['cocoon']): { node: string; price: bigint } {
    if (receipt === undefined) throw new Error('An answer came without what it cost.');
    return { node: receipt.node, price: BigInt(receipt.price) };
}

/** nanoTON as TON without the zeros at the end. */
function formatNano(nano: bigint): string {
    const digits = nano.toString().padStart(10, '0');
    return `${digits.slice(0, -9)}.${digits.slice(-9)}`.replace(/0+$/, '').replace(/\.$/, '');
}
