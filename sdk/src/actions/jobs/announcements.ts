import type { Address, Transaction } from '@ton/core';
import {
    cellHash,
    decodeAnnouncement,
    Job,
    type JobAnnouncement,
    type JobIdentity,
    Market,
    opcodes,
} from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { type WatchAccountOptions, type WatchedTransaction, watchAccount } from '../../watch';
import { type GetTermsReturnType, getTerms } from '../network/get-terms';
import { opcodeOf, succeeded } from './history';

/** A job that announced itself, proven by its address. */
export type AnnouncedJob = {
    readonly job: Address;
    readonly identity: JobIdentity;
    readonly announcement: JobAnnouncement;
};

/**
 * Reads the announcement in a transaction of a Market or Node; null when there is none, or a forged one: anybody can
 * send an AnnounceJob, but only the job itself has the address that its identity gives.
 */
export function readAnnouncement(registry: Address, tx: Transaction): AnnouncedJob | null {
    const message = tx.inMessage;
    if (message?.info.type !== 'internal' || message.info.bounced || !succeeded(tx)) return null;
    if (opcodeOf(message.body) !== opcodes.AnnounceJob) return null;
    try {
        const announcement = decodeAnnouncement(message.body);
        const { client, nonce, openBefore, terms } = announcement;
        const identity: JobIdentity = { registry, termsHash: cellHash(terms), client, nonce, openBefore };
        const job = Job.fromIdentity(identity).address;
        return job.equals(message.info.src) ? { job, identity, announcement } : null;
    } catch {
        return null;
    }
}

export type GetMarketsParameters = {
    readonly modelId: bigint;
    /** The current ones by default. */
    readonly terms?: GetTermsReturnType;
};

/** The Markets of a model, one for each shard. */
export async function getMarkets(
    client: CocoonClient,
    { modelId, terms }: GetMarketsParameters,
): Promise<readonly Market[]> {
    const { hash, terms: decoded } = terms ?? (await getTerms(client));
    return Array.from({ length: decoded.marketShards }, (_, shard) =>
        Market.fromIdentity({ registry: client.registry, termsHash: hash, modelId, shard }),
    );
}

export type WatchAnnouncementsParameters = Omit<WatchAccountOptions, 'reader' | 'clock'>;
export type WatchedAnnouncement = AnnouncedJob & Pick<WatchedTransaction, 'commit'>;

/** Announcements at a Market or Node, each once and in order, for ever. See watchAccount for cursors and errors. */
export async function* watchAnnouncements(
    client: CocoonClient,
    parameters: WatchAnnouncementsParameters,
): AsyncGenerator<WatchedAnnouncement, void, void> {
    const { reader, clock, registry } = client;
    for await (const { tx, commit } of watchAccount({
        intervalMs: client.waiting.intervalMs,
        ...parameters,
        reader,
        clock,
    })) {
        const announced = readAnnouncement(registry, tx);
        if (announced !== null) yield { ...announced, commit };
    }
}
