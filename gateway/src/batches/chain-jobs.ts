import { Address, Cell, loadStateInit } from '@ton/core';
import { type Cocoon, isCocoonError, systemClock, toTonConnect } from 'cocoon-sdk';
import type { GatewayChain } from '../chain';
import type { BatchJobs, PreparedBatchJob } from './jobs';

type StoredMessage = ReturnType<typeof toTonConnect>;

/** A look at the chain's time between two tries to get an unclaimed job's money back. */
const EXPIRE_INTERVAL_MS = 30_000;

/** Jobs of the network. `connect` is called with the first job, not before. */
export function chainJobs(connect: () => Promise<GatewayChain>): BatchJobs {
    return {
        async prepare({ modelId, items, maxPrice, publish }) {
            const { cocoon } = await connect();
            const prepared = await cocoon.jobs.getPostJobTxParams({
                modelId,
                items,
                maxPrice,
                // The price rises over half of the time for claims, so that the cheapest node that is free takes it.
                startPrice: maxPrice / 2n,
                rampSeconds: 1_800,
                ...(publish ? { publish } : {}),
            });
            return {
                address: prepared.address.toRawString(),
                messages: JSON.stringify(prepared.messages.map(toTonConnect)),
            };
        },
        async post(job) {
            const { cocoon, wallet } = await connect();
            // A message that an earlier run signed may be this one.
            await wallet.recover();
            const address = Address.parseRaw(job.address);
            if (await isPosted(cocoon, address)) return;
            await cocoon.sender.sendMessages(messagesOf(job));
            while (!(await isPosted(cocoon, address))) await cocoon.clock.sleep(cocoon.waiting.intervalMs);
        },
        async finish(address, signal) {
            const { cocoon } = await connect();
            const job = Address.parseRaw(address);
            const over = new AbortController();
            const keeper = expireInTime(cocoon, job, over.signal);
            try {
                const { answers, price, nodeIndex } = await cocoon.jobs.finishJob({ job, signal });
                return { answers, price, node: String(nodeIndex) };
            } finally {
                over.abort();
                await keeper;
            }
        },
        async cancel(address) {
            const { cocoon, wallet } = await connect();
            await wallet.recover();
            const job = Address.parseRaw(address);
            const data = await cocoon.jobs.getJob({ job });
            if (data === null || data.status === 'unopened' || isOver(data)) return true;
            if (data.status !== 'open') return false;
            try {
                await cocoon.jobs.cancelJob({ job });
                return true;
            } catch (error) {
                // Claimed in the meantime.
                if (isCocoonError(error, 'transaction_failed')) return false;
                throw error;
            }
        },
        async forget(address) {
            const { cocoon } = await connect();
            await cocoon.jobStore.delete(address);
        },
    };
}

async function isPosted(cocoon: Cocoon, job: Address): Promise<boolean> {
    const data = await cocoon.jobs.getJob({ job });
    return data !== null && data.status !== 'unopened';
}

function isOver({ status }: { status: string }): boolean {
    return status === 'refunded' || status === 'expired';
}

function messagesOf({ messages }: PreparedBatchJob) {
    return (JSON.parse(messages) as StoredMessage[]).map(({ address, amount, payload, stateInit }) => ({
        to: Address.parse(address),
        value: BigInt(amount),
        body: Cell.fromBase64(payload),
        ...(stateInit ? { init: loadStateInit(Cell.fromBase64(stateInit).beginParse()) } : {}),
    }));
}

/** Nobody else is bound to end a job whose time is over, and until then its money is stuck. */
async function expireInTime(cocoon: Cocoon, job: Address, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
        try {
            await systemClock.sleep(EXPIRE_INTERVAL_MS, over);
            const [data, now] = await Promise.all([cocoon.jobs.getJob({ job }), cocoon.getTime()]);
            const until =
                data?.status === 'open'
                    ? data.claimBy
                    : data?.status === 'claimed'
                      ? data.deadline
                      : undefined;
            if (until !== undefined && now > until) await cocoon.jobs.expireJob({ job });
        } catch (error) {
            // Whatever it was: the next look comes soon, and finishJob sees what became of the job.
            if (!(error instanceof Error)) throw error;
        }
    }
}
