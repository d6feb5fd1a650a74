import { bytesToHex, type RandomBytes, secureRandomBytes } from '../utils';
import { VoteStandsError, VoteStoreError } from './errors';

/** What a juror says: the node is right, the client is right, or the evidence could not be had. */
export type Vote = 'node' | 'client' | 'unavailable';

const VOTES: readonly Vote[] = ['node', 'client', 'unavailable'];

/** The number that stands for a vote on chain. */
export function voteTag(vote: Vote): number {
    return VOTES.indexOf(vote);
}

/** Undefined for numbers that stand for no vote. */
export function voteOfTag(tag: number): Vote | undefined {
    return VOTES[tag];
}

/** One seat: nobody votes twice for it. */
export type VotePlace = {
    /** Raw address of the dispute. */
    readonly dispute: string;
    readonly round: number;
    /** Index of the juror's node. */
    readonly index: number;
};

/** A vote and what opens its commitment. Plain JSON values; secret until it is revealed. */
export type VoteRecord = VotePlace & {
    readonly vote: Vote;
    /** 64 hex digits. */
    readonly salt: string;
};

/** Keeps votes between commitment and reveal. Whatever a method resolves for survives a crash. */
export interface VoteStore {
    /**
     * Keeps a record where its place has none yet, and gives the one that stands: of two processes that race for one place both
     * get the same.
     */
    putIfAbsent(record: VoteRecord): Promise<VoteRecord>;
    get(place: VotePlace): Promise<VoteRecord | undefined>;
    /** All that are kept. */
    list(): Promise<VoteRecord[]>;
    /** Forgets a vote whose dispute is over. */
    delete(place: VotePlace): Promise<void>;
}

/** Key of a place, for stores. */
export function voteKey({ dispute, round, index }: VotePlace): string {
    return `${dispute}:${round}:${index}`;
}

/** Keeps votes in memory: after a crash nothing can be revealed and the bond is lost. For tests and pages. */
export function memoryVoteStore(): VoteStore {
    const records = new Map<string, VoteRecord>();
    return {
        async putIfAbsent(record) {
            const key = voteKey(record);
            const standing = records.get(key) ?? record;
            records.set(key, standing);
            return standing;
        },
        get: async (place) => records.get(voteKey(place)),
        list: async () => [...records.values()],
        delete: async (place) => {
            records.delete(voteKey(place));
        },
    };
}

/**
 * The vote that may be committed to: the one that stands, or a new one that is durable when this resolves.
 * Throws VoteStandsError where another vote stands, VoteStoreError where nothing could be kept.
 */
export async function keepVote(
    store: VoteStore,
    place: VotePlace,
    vote: Vote,
    random: RandomBytes = secureRandomBytes,
): Promise<VoteRecord> {
    const { dispute, round, index } = place;
    const salt = bytesToHex(random(32));
    let standing: VoteRecord;
    try {
        standing = await store.putIfAbsent({ dispute, round, index, vote, salt });
    } catch (cause) {
        throw new VoteStoreError({ cause });
    }
    if (standing.vote !== vote) throw new VoteStandsError(standing.vote, vote);
    return standing;
}
