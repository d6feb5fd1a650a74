import { setTimeout as sleep } from 'node:timers/promises';
import { type Address, toNano } from '@ton/core';
import {
    type AnswerEvidence,
    type ChatRequest,
    type ChatResult,
    type Cocoon,
    createInference,
    Node,
} from 'cocoon-sdk';
import { currentModelId, MODEL } from '../model';
import type { Operator } from '../operators';
import { COLLATERAL } from './terms';

const MAX_TOKENS = 96;
const LOOK_MS = 200;

/** A job whose result is in review. */
export interface Reviewed {
    readonly job: Address;
    readonly requests: readonly ChatRequest[];
    readonly answers: readonly ChatResult[];
    /** nanoTON. */
    readonly price: bigint;
}

/** Posts a job for one node, and takes the result without paying yet. */
export async function orderFrom(
    client: Cocoon,
    { index }: Operator,
    questions: readonly string[],
): Promise<Reviewed> {
    const requests: ChatRequest[] = questions.map((content) => ({
        messages: [{ role: 'user', content }],
        max_tokens: MAX_TOKENS,
        temperature: 0,
        logprobs: true,
    }));
    const { address: job } = await client.jobs.postJob({
        modelId: currentModelId(),
        items: requests,
        node: index,
        maxPrice: BigInt(requests.length) * toNano('0.1'),
        collateral: COLLATERAL,
        claimWindow: 120,
        keyWindow: 60,
        executionWindow: 120,
        reviewWindow: 600,
    });
    for (;;) {
        const data = await client.jobs.getJob({ job });
        if (data?.status === 'submitted') {
            const { answers } = await client.jobs.readResult({ job });
            return { job, requests, answers, price: data.price };
        }
        await sleep(LOOK_MS);
    }
}

/** An answer in real time, and what disputes it. */
export interface Talk {
    readonly text: string;
    readonly evidence: AnswerEvidence;
    /** Gives back what is left of the deposit. */
    settle(): Promise<void>;
}

/** Asks one node in a session, and keeps what would be needed against it. */
export async function askNode(client: Cocoon, { index }: Operator, question: string): Promise<Talk> {
    const node = Node.fromIndex(client.registry, index).address.hash.toString('hex');
    const inference = createInference({
        client,
        routing: { nodes: [node] },
        funding: { deposit: toNano('1'), allocation: toNano('0.2'), maxPerNode: toNano('0.5') },
    });
    const answer = await inference.run({
        task: 'chat',
        model: MODEL.name,
        body: { messages: [{ role: 'user', content: question }], max_tokens: MAX_TOKENS, temperature: 0 },
        keepEvidence: true,
    });
    let text = '';
    for await (const { t = '' } of answer) text += t;
    const { evidence } = await answer.final;
    if (evidence === undefined) throw new Error('The answer came without evidence.');
    return { text, evidence, settle: () => inference.close({ withdraw: true }) };
}
