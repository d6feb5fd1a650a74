import { type DisputeInfo, getResolveDisputeTxParams, nextStep } from 'cocoon-sdk';
import type { Runtime } from '../runtime';
import { sendAbout } from './send';

/** Nodes that have no seat come after those that have one, in as many turns. */
const TURNS = 8;

/**
 * Takes the step of a dispute that anyone may take once it is due. Of many watchers one gets the tip and the others lose fees,
 * so that they come in turns: the first seat at once, each further one later.
 */
export class Resolver {
    readonly #runtime: Runtime;
    readonly #turnSeconds: number;
    /** When a step was first seen to be due, by dispute. */
    readonly #dueSince = new Map<string, { step: string; since: number }>();

    constructor(runtime: Runtime, turnSeconds: number) {
        this.#runtime = runtime;
        this.#turnSeconds = turnSeconds;
    }

    /** When to look again, unix seconds of the chain: undefined where nothing is due yet. */
    async handle(info: DisputeInfo): Promise<number | undefined> {
        const now = this.#runtime.chain.clock.now();
        const step = nextStep(info, now);
        const key = info.address.toRawString();
        if (step?.action !== 'resolve' || step.from > now) {
            this.#dueSince.delete(key);
            return undefined;
        }
        const turn =
            this.#since(key, `${info.phase} ${info.round}`, now) + this.#rank(info) * this.#turnSeconds;
        if (now < turn) return turn;
        const { chain } = this.#runtime;
        const message = await getResolveDisputeTxParams(chain.client, { dispute: info.address });
        await sendAbout(this.#runtime, info, 'resolve', message);
        this.#dueSince.delete(key);
        return now;
    }

    forget(dispute: string): void {
        this.#dueSince.delete(dispute);
    }

    #since(key: string, step: string, now: number): number {
        const known = this.#dueSince.get(key);
        if (known?.step === step) return known.since;
        this.#dueSince.set(key, { step, since: now });
        return now;
    }

    #rank({ seats }: DisputeInfo): number {
        const { index } = this.#runtime.chain.node;
        const seat = seats.findIndex((each) => each.index === index);
        return seat >= 0 ? seat : seats.length + (index % TURNS);
    }
}
