import { type DisputeInfo, getRevealVoteTxParams } from 'cocoon-sdk';
import type { Runtime } from '../runtime';
import { sendAbout } from './send';

/** Opens the node's sealed vote: without that its whole bond is lost. */
export class Revealer {
    readonly #runtime: Runtime;
    readonly #hopeless = new Set<string>();

    constructor(runtime: Runtime) {
        this.#runtime = runtime;
    }

    async handle(info: DisputeInfo): Promise<void> {
        const { chain, context } = this.#runtime;
        const { index } = chain.node;
        const dispute = info.address.toRawString();
        const seat = info.seats.find((each) => each.index === index);
        if (seat === undefined || seat.vote !== null) return;
        const record = await context.journal.votes.get({ dispute, round: info.round, index });
        if (record === undefined) {
            return this.#tell(dispute, 'the journal does not know the vote of a seat: it cannot be revealed');
        }
        if (!seat.operator.equals(chain.wallet)) {
            return this.#tell(dispute, 'another operator wallet took this seat: only that one can reveal');
        }
        const message = await getRevealVoteTxParams(chain.client, {
            dispute: info.address,
            node: index,
            votes: context.journal.votes,
        });
        await sendAbout(this.#runtime, info, 'reveal', message);
        context.logger.info({ dispute, round: info.round, vote: record.vote }, 'revealed a vote');
    }

    #tell(dispute: string, message: string): void {
        if (this.#hopeless.has(dispute)) return;
        this.#hopeless.add(dispute);
        this.#runtime.context.logger.error({ dispute }, message);
    }
}
