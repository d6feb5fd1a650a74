import { Address } from '@ton/core';
import {
    type DisputeInfo,
    drawOf,
    getJurorStake,
    getTakeSeatTxParams,
    type JurorStake,
    seatDueAt,
    type Vote,
    type VotePlace,
    voteKey,
} from 'cocoon-sdk';
import type { JurorConfig } from '../../config';
import type { Runtime } from '../runtime';
import { type Candidate, eligibility } from './eligible';
import { judge } from './judge';
import type { JudgedModel } from './models';
import { sendAbout } from './send';

/** A verdict is there before its seat is due, but not long before: the seats may be full by then. Seconds. */
const JUDGE_AHEAD = 30;

/** When the node wants to be asked again about its seat: now and then, at a time (unix seconds), or never. */
export type Seating =
    | { readonly wish: 'later' }
    | { readonly wish: 'at'; readonly at: number }
    | { readonly wish: 'never'; readonly reason: string };

const LATER: Seating = { wish: 'later' };

/** Takes seats: judges first, makes vote and salt durable, and sits only when the sortition admits the node. */
export class Seater {
    readonly #runtime: Runtime;
    readonly #config: JurorConfig;
    readonly #models: ReadonlyMap<string, JudgedModel>;
    /** Verdicts of which nothing has left yet: to judge again after a crash does no harm. */
    readonly #verdicts = new Map<string, Vote>();

    constructor(runtime: Runtime, config: JurorConfig, models: ReadonlyMap<string, JudgedModel>) {
        this.#runtime = runtime;
        this.#config = config;
        this.#models = models;
    }

    /** @param attempts looks that failed before this one. */
    async handle(info: DisputeInfo, attempts: number, signal: AbortSignal): Promise<Seating> {
        const { chain } = this.#runtime;
        const model = this.#models.get(info.case?.modelId.toString(16).padStart(64, '0') ?? '');
        if (model === undefined) return { wish: 'never', reason: 'model_not_judged' };
        const stake = await getJurorStake(chain.client, { node: chain.node.index });
        const allowed = eligibility(info, accuserOf(info), this.#candidate(stake));
        if (allowed.may === 'never') return { wish: 'never', reason: allowed.reason };
        if (allowed.may === 'wait') return LATER;
        const dueAt = seatDueAt(drawOf(info), stake.stake, chain.node.index);
        if (dueAt === undefined || dueAt > info.deadline) return LATER;
        const now = chain.clock.now();
        if (dueAt - JUDGE_AHEAD > now) return { wish: 'at', at: dueAt - JUDGE_AHEAD };
        const vote = await this.#verdict(info, model, { attempts, signal });
        if (dueAt > chain.clock.now()) return { wish: 'at', at: dueAt };
        await this.#take(info, vote);
        return LATER;
    }

    forget(dispute: string): void {
        for (const key of this.#verdicts.keys()) if (key.startsWith(dispute)) this.#verdicts.delete(key);
    }

    /** What was committed to stands, whatever a second look would say. */
    async #verdict(
        info: DisputeInfo,
        model: JudgedModel,
        look: { attempts: number; signal: AbortSignal },
    ): Promise<Vote> {
        const place = this.#placeOf(info);
        const key = voteKey(place);
        const standing = await this.#runtime.context.journal.votes.get(place);
        const vote = standing?.vote ?? this.#verdicts.get(key);
        if (vote !== undefined) return vote;
        const judged = await judge(this.#runtime, info, model, look);
        this.#verdicts.set(key, judged);
        return judged;
    }

    async #take(info: DisputeInfo, vote: Vote): Promise<void> {
        const { chain, context } = this.#runtime;
        const message = await getTakeSeatTxParams(chain.client, {
            dispute: info.address,
            node: chain.node.index,
            vote,
            // Durable before the message is even signed.
            votes: context.journal.votes,
        });
        await sendAbout(this.#runtime, info, 'seat', message);
        const { round } = info;
        context.logger.info({ dispute: info.address.toRawString(), round }, 'took a seat in a jury');
    }

    #placeOf({ address, round }: DisputeInfo): VotePlace {
        return { dispute: address.toRawString(), round, index: this.#runtime.chain.node.index };
    }

    #candidate(stake: JurorStake): Candidate {
        const { node, details } = this.#runtime.chain.view;
        return {
            index: node.index,
            owner: node.owner,
            since: details.since,
            stake,
            offers: [...details.profile.offers.values()],
            terms: new Set(details.terms.map(({ termsHash }) => termsHash)),
            maxSeats: this.#config.maxSeats,
        };
    }
}

/** The client of vault or job: the second field of both subjects. */
function accuserOf({ subject }: DisputeInfo): Address {
    return new Address(0, subject.beginParse().skip(32).loadBuffer(32));
}
