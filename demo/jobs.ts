import { setTimeout as sleep } from 'node:timers/promises';
import { type Address, toNano } from '@ton/core';
import {
    type ChatRequest,
    type Cocoon,
    JobEndedError,
    memoryCursorStore,
    Node,
    type RunJobStep,
    watchAnnouncements,
} from 'cocoon-sdk';
import { currentModelId } from './model';
import type { Operator } from './operators';

export interface DemoJob {
    readonly title: string;
    readonly prompts: readonly string[];
    /** Index of the only node that may claim. */
    readonly node?: number;
    /** Seconds; only the vanishing node's job is in a hurry. */
    readonly executionWindow: number;
}

/** How a job ended, in nanoTON and tokens. */
export interface Outcome {
    readonly job: DemoJob;
    readonly address: Address;
    readonly status: 'paid' | 'expired';
    readonly answers: readonly string[];
    readonly node: number;
    readonly price: bigint;
    readonly tokens: number;
}

const VANISHING_WINDOW = 8;
/** Seconds in which a job must be opened. */
export const OPENING = 300;
const COLLATERAL = toNano('2');

export function demoJobs(direct: Operator, vanishing: Operator): readonly DemoJob[] {
    return [
        {
            title: 'open job, any node may claim it',
            prompts: ['What is TON?', 'What is the capital of France?', 'Tell me a joke.'],
            executionWindow: 120,
        },
        {
            title: `direct job for ${direct.name}`,
            prompts: ['What is a smart contract?'],
            node: direct.index,
            executionWindow: 120,
        },
        {
            title: 'batch of ten',
            prompts: [
                'What is the capital of Spain?',
                'What is the capital of Japan?',
                'What is the capital of Italy?',
                'What is the capital of Egypt?',
                'What is 7 + 5?',
                'What is 12 + 8?',
                'What is AI?',
                'What is a neural network?',
                'Tell me a story about a dog.',
                'Tell me a story about a robot.',
            ],
            executionWindow: 120,
        },
        {
            title: `direct job for ${vanishing.name}, which claims it and vanishes`,
            prompts: ['What is a blockchain?', 'What is a wallet?'],
            node: vanishing.index,
            executionWindow: VANISHING_WINDOW,
        },
    ];
}

export interface FollowOptions {
    readonly onStep: (step: RunJobStep | 'expired') => void;
    /** May take part in what happens next; awaited with the job. */
    readonly onPosted?: (job: Address) => Promise<void>;
}

/** Posts a job and follows it to its end: payment, or refund and slash when the node vanished. */
export async function follow(
    cocoon: Cocoon,
    job: DemoJob,
    { onStep, onPosted }: FollowOptions,
): Promise<Outcome> {
    const items: ChatRequest[] = job.prompts.map((content) => ({
        messages: [{ role: 'user', content }],
        max_tokens: 64,
        temperature: 0,
    }));
    const perItem = BigInt(items.length);
    const posted = await cocoon.jobs.postJob({
        modelId: currentModelId(),
        items,
        node: job.node,
        startPrice: perItem * toNano('0.02'),
        maxPrice: perItem * toNano('0.08'),
        rampSeconds: 30,
        collateral: COLLATERAL,
        claimWindow: 120,
        keyWindow: 60,
        executionWindow: job.executionWindow,
        reviewWindow: 600,
        // Its contract can be destroyed, and pays back its storage reserve, from then on.
        openBefore: (await cocoon.getTime()) + OPENING,
    });
    onStep('posted');
    const other = onPosted?.(posted.address);
    const base = { job, address: posted.address };
    try {
        const result = await cocoon.jobs.finishJob({
            job: posted.address,
            onProgress: onStep,
        });
        return {
            ...base,
            status: 'paid',
            answers: result.answers.map(({ text }) => text),
            node: result.nodeIndex,
            price: result.price,
            tokens: result.completionTokens,
        };
    } catch (error) {
        if (!(error instanceof JobEndedError)) throw error;
        await other;
        onStep('expired');
        return { ...base, status: 'expired', answers: [], node: job.node ?? -1, price: 0n, tokens: 0 };
    }
}

/** Waits for a job that is reserved for this node, claims it with the operator's wallet, and does nothing more. */
export async function claimAndVanish(cocoon: Cocoon, operator: Operator): Promise<void> {
    const announcements = watchAnnouncements(cocoon, {
        address: Node.fromIndex(cocoon.registry, operator.index).address,
        cursors: memoryCursorStore(),
        start: 'beginning',
    });
    for await (const { identity, announcement } of announcements) {
        const { specHash, spec } = announcement;
        await cocoon.jobs.claimJob({
            node: operator.index,
            identity,
            bid: { specHash, collateral: spec.collateral, minPrice: 0n },
        });
        return;
    }
}

/** Anyone may end a job whose node let its deadline pass, for a tip. */
export async function expireWhenDue(keeper: Cocoon, job: Address): Promise<void> {
    for (;;) {
        const data = await keeper.jobs.getJob({ job });
        if (data?.status === 'claimed' && data.keyGiven && (await keeper.getTime()) > data.deadline) break;
        await sleep(200);
    }
    await keeper.jobs.expireJob({ job });
}
