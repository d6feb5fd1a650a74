import type { ChatRequest, ChatResult } from 'cocoon-sdk';
import { CocoonError } from 'cocoon-sdk';
import type { BatchJobs, BatchOrder, FinishedJob, PreparedBatchJob } from '../../src';

type ChainJob = { order: BatchOrder; status: 'prepared' | 'open' | 'paid' | 'refunded' };

/** Jobs on a chain of its own, which survives the processes that use it. Answers repeat the last message. */
export class ScriptedJobs implements BatchJobs {
    readonly jobs = new Map<string, ChainJob>();
    /** Ends the next claims without a result. */
    endings = 0;
    /** Jobs stay open until it resolves. */
    claimed: Promise<void> = Promise.resolve();
    readonly price = 1_001n;
    #count = 0;

    async prepare(order: BatchOrder): Promise<PreparedBatchJob> {
        const address = `0:${(++this.#count).toString(16).padStart(64, '0')}`;
        this.jobs.set(address, { order, status: 'prepared' });
        return { address, messages: `post ${address}` };
    }

    async post({ address, messages }: PreparedBatchJob): Promise<void> {
        const job = this.jobs.get(address)!;
        if (messages !== `post ${address}`) throw new Error('these are not the messages of the job');
        if (job.status === 'prepared') job.status = 'open';
    }

    async finish(address: string, signal: AbortSignal): Promise<FinishedJob> {
        const job = this.jobs.get(address)!;
        if (job.status === 'prepared') throw new Error('a job that was not posted is waited for');
        await Promise.race([
            this.claimed,
            new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
        ]);
        if (job.status === 'refunded' || (job.status === 'open' && this.endings > 0)) {
            if (job.status === 'open') this.endings--;
            job.status = 'refunded';
            throw new CocoonError('job_ended', 'The job ended as refunded.');
        }
        job.status = 'paid';
        return { answers: job.order.items.map(answerTo), price: this.price, node: '3' };
    }

    async cancel(address: string): Promise<boolean> {
        const job = this.jobs.get(address)!;
        if (job.status === 'open') job.status = 'refunded';
        return job.status !== 'paid';
    }

    async forget(): Promise<void> {}

    count(status: ChainJob['status']): number {
        return [...this.jobs.values()].filter((job) => job.status === status).length;
    }
}

function answerTo({ messages }: ChatRequest): ChatResult {
    const text = messages.at(-1)!.content;
    const failed = text.includes('fail');
    return {
        text: failed ? '' : `answer to ${text}`,
        tokenIds: [],
        logprobs: null,
        finishReason: failed ? 'error' : 'stop',
        seed: null,
        usage: { promptTokens: 3, completionTokens: 2 },
        ...(failed ? { error: 'request_invalid' } : {}),
    } as ChatResult;
}
